# Next Rung in a container: docker build -t next-rung . && docker run --env-file .env -v next-rung:/data next-rung

FROM python:3.11-slim AS serving

ENV PATH=/opt/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN python -m venv /opt/venv && python -m pip install --quiet -c constraints.txt pip setuptools \
    && python -m pip install -c constraints.txt --build-constraint constraints.txt --only-deps '.[postgres]'


FROM serving AS building

# Where PyTorch without CUDA comes from: it saves gigabytes. --build-arg PYTORCH_INDEX=... names another place.
ARG PYTORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN if python -c "import sys, urllib.request as u; u.urlopen(sys.argv[1] + '/torch/', timeout=20)" "$PYTORCH_INDEX" 2>/dev/null; \
    then export PIP_EXTRA_INDEX_URL="$PYTORCH_INDEX ${PIP_EXTRA_INDEX_URL:-}"; \
    else echo "No answer from $PYTORCH_INDEX: PyTorch comes from the usual index, perhaps with gigabytes of CUDA."; \
    fi \
    && python -m pip install -c constraints.txt --build-constraint constraints.txt --only-deps '.[build]'
WORKDIR /app
COPY bot bot
COPY index index
COPY knowledge knowledge
COPY scripts scripts
# The folder of another pack, under knowledge/packs: --build-arg BOT_KNOWLEDGE_DIR=knowledge/packs/my_pack
ARG BOT_KNOWLEDGE_DIR=knowledge/packs/ml_engineer
RUN HF_HUB_DISABLE_TELEMETRY=1 TOKENIZERS_PARALLELISM=false BOT_INDEX_FOLDER=/index python -m scripts.build_index


FROM python:3.11-slim

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TOKENIZERS_PARALLELISM=false \
    BOT_DATA_DIR=/data \
    BOT_INDEX_FOLDER=/index \
    BOT_LISTEN=0.0.0.0:8081
ARG BOT_KNOWLEDGE_DIR=knowledge/packs/ml_engineer
ENV BOT_KNOWLEDGE_DIR=$BOT_KNOWLEDGE_DIR
RUN useradd --create-home --uid 10001 bot && install -d -o bot /data
WORKDIR /app
# Nothing of PyTorch: what builds the index stays behind.
COPY --from=serving /opt/venv /opt/venv
COPY --from=building --chown=bot /index /index
COPY bot bot
COPY index index
COPY knowledge knowledge
COPY scripts scripts
RUN python -m compileall -q bot index knowledge scripts
USER bot
# The index is the image's own, not the volume's: a new image brings a new one.
VOLUME /data
EXPOSE 8081
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8081/healthz', timeout=4)"]
CMD ["python", "-m", "bot"]
