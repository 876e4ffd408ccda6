"""Anki's side, run by the Python of an environment of its own: `backend.py PACKAGE FOLDER`.

Opens a new collection in the folder, then imports the package and closes the collection, which leaves everything on
the disk. Prints the seconds of the two latter, and waits for the end of its input.
"""

import sys
from time import perf_counter

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


def import_package(package: str, folder: str) -> float:
    collection = Collection(f"{folder}/new.anki2")
    request = ImportAnkiPackageRequest(package_path=package, options=ImportAnkiPackageOptions(with_scheduling=False))
    began = perf_counter()
    collection.import_anki_package(request)
    collection.close()
    return perf_counter() - began


if __name__ == "__main__":
    print(import_package(*sys.argv[1:]), flush=True)
    sys.stdin.read()
