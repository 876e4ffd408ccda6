# Flashmob for a small server; compose.yaml says how it is started, updated and backed up.
FROM python:3.11-slim
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/run.txt
COPY pyproject.toml README.md LICENSE config.example.toml ./
COPY bot bot
COPY adapters adapters
COPY decks decks
RUN pip install --no-cache-dir hatchling && pip install --no-cache-dir --no-deps --no-build-isolation . \
 && useradd --system --create-home --home-dir /data flashmob \
 && install -d -o flashmob /data/data
USER flashmob
WORKDIR /data
VOLUME /data/data
STOPSIGNAL SIGTERM
ENTRYPOINT ["flashmob"]
CMD ["run", "--config", "/data/config.toml"]
