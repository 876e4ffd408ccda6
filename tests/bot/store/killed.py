"""A program that keeps numbers until it is killed, and prints each one that was acknowledged.

`python -m tests.bot.store.killed FILE FOLDER FIRST`: the numbers FIRST, FIRST + 1, ... from sixteen clients.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path

from bot.store.database import open_database
from bot.store.tx import Journey, Tx


def keep(number: int) -> Journey[None]:
    async def journey(tx: Tx) -> None:
        await tx.run("insert into numbers (number) values (:number)", number=number)
        await tx.run("update totals set numbers = numbers + 1")

    return journey


async def main(path: Path, folder: Path, first: int) -> None:
    database = await open_database(path, readers=0, now=0, folder=folder)
    numbers = count(first)

    async def client() -> None:
        for number in numbers:
            await database.write(keep(number))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()

    await asyncio.gather(*(client() for _ in range(16)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
