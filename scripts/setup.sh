#!/bin/sh
# Makes .venv and installs the pinned dependencies into it; done already, it does nothing.
#
#   scripts/setup.sh serve    what the bot needs once its index is built
#   scripts/setup.sh build    that and what builds the index: PyTorch and more
#   scripts/setup.sh run      the first where an index is there, else the second
#   scripts/setup.sh dev      everything, with the tools: tests, lint, types
#
# PYTHON chooses the interpreter. pip's many lines go to .venv/setup.log, its complaints to .venv/setup.errors; here
# stand a few lines of what happens, and every failure ends in one that says what to do. While pip works
# .venv/.installing holds our process id; what was cut short is made afresh.
set -u
cd "$(dirname "$0")/.." || exit 1

extra=${1:-run}
oldest=3.11            # pyproject.toml's requires-python
whole_install=3000     # megabytes, measured: 2,000 in .venv, the rest for downloads on their way
serving_install=600    # megabytes: 300 in .venv
worth_a_line=20        # megabytes: a download one waits for
small_install=500      # megabytes, for an update of what is there
log=.venv/setup.log
errors=.venv/setup.errors
outcome=.venv/.outcome # of pip: a pipe to awk hides its exit code
is_new=                # whether everything has to be fetched
no_compiler="(No such file or directory|not found): '?[^ ']*(cc|clang|[+][+])'?\$|cc' failed: No such file|Unknown compiler|No CMAKE_C"
again="then run the same command again"

main() {
    if [ "$extra" = run ]; then choose_extra; fi
    refuse_a_borrowed_one
    if [ -f .venv/.installing ]; then recover; fi
    choose_python
    key=$(cat pyproject.toml constraints.txt | cksum) || stop "pyproject.toml or constraints.txt is missing: clone the project again."
    key="$version $key $PWD"
    if is_installed dev || is_installed build || is_installed "$extra"; then exit 0; fi
    make_environment
    install
}

# An index is kept with the twin of its model. If it proves to be of other content, the bot says what to do.
choose_extra() {
    extra=build
    index=${BOT_INDEX_FOLDER:-${BOT_DATA_DIR:-var}/index}
    for twin in "$index"/model-*/twin.json; do
        for manifest in "$index"/*/manifest.json; do
            if [ -f "$twin" ] && [ -f "$manifest" ]; then extra=serve; fi
        done
    done
    if [ "$extra" = serve ]; then whole_install=$serving_install; fi
}

stop() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Installing into it would make the folder it belongs to run the program of this one, without a word.
refuse_a_borrowed_one() {
    [ -L .venv ] || return 0
    for mark in .venv/.installed-*; do
        if [ -f "$mark" ] && ! grep -q " $PWD\$" "$mark"; then
            stop "$PWD/.venv is a link to the environment of $(cut -d' ' -f4- "$mark"): remove the link, $again. Without make, .venv/bin/python -m pytest and the like work as they are."
        fi
    done
}

# ---- which Python

is_new_enough() {
    "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$oldest'.split('.'))))" >/dev/null 2>&1
}

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null || stop "There is no program '$PYTHON': set PYTHON to a Python $oldest or newer."
        is_new_enough "$PYTHON" || stop "'$PYTHON' does not run as Python $oldest or newer: set PYTHON to one that does."
        python=$PYTHON
    else
        for python in .venv/bin/python python3 python3.13 python3.12 python3.11 python3.14 ''; do
            if [ -n "$python" ] && is_new_enough "$python"; then break; fi
        done
        [ -n "$python" ] || stop "No Python $oldest or newer was found: install one, or name it: make PYTHON=/path/to/python3.11 ..."
    fi
    version=$("$python" -c 'import sys; print(sys.version.split()[0])')
}

# ---- what is there already

is_installed() {
    [ "$(cat ".venv/.installed-$1" 2>/dev/null)" = "$key" ]
}

# pip fetches and builds everything before it touches what is installed.
recover() {
    other=$(cat .venv/.installing)
    if [ -n "$other" ] && kill -0 "$other" 2>/dev/null; then
        stop "Another set-up is at work here (process $other): wait for it; if there is none, remove .venv/.installing."
    elif .venv/bin/python -m pip --version >/dev/null 2>&1 && ! grep -q "Installing collected packages" "$log"; then
        rm -f .venv/.installing
    else
        discard "its installation was cut short"
    fi
}

discard() {
    echo "Making .venv afresh: $1."
    rm -rf .venv 2>/dev/null || stop "Cannot remove $PWD/.venv: remove it yourself, $again."
}

# ---- a new environment

make_environment() {
    if [ -x .venv/bin/python ] && [ "$(.venv/bin/python -c 'import sys; print(sys.version.split()[0])' 2>/dev/null)" = "$version" ]; then
        need_space $small_install
        return
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "Python $version has no venv module: install it (Debian, Ubuntu: sudo apt install python3-venv), $again."
    if [ -e .venv ]; then discard "what is there is not of Python $version"; fi
    need_space $whole_install
    mkdir .venv 2>/dev/null ||
        stop "Cannot write in $PWD: make the folder yours, or clone into one that is, $again."
    echo "Making .venv with Python $version"
    is_new=yes
    echo $$ >.venv/.installing
    "$python" -m venv .venv >"$errors" 2>&1 || explain
}

need_space() {
    free=$(free_space)
    if [ -n "$free" ] && [ "$free" -lt "$1" ]; then
        stop "The disk is too full: $1 MB are needed in $PWD, $free MB are free. Make room, $again."
    fi
}

free_space() {
    df -Pm . 2>/dev/null | awk 'END { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+%$/) { print $(i - 1); exit } }'
}

# ---- pip

install() {
    trap 'stop "Stopped; run the same command again to go on."' INT TERM
    { : >"$log" && : >"$errors" && echo $$ >.venv/.installing; } 2>/dev/null || explain
    pip_install pip setuptools >/dev/null || explain
    if [ "$extra" != serve ]; then choose_pytorch; fi
    echo "Installing $(describe)"
    pip_install --build-constraint constraints.txt -e "$(what_to_install)" || explain
    rm -f .venv/.installed-* "$outcome"
    { echo "$key" >".venv/.installed-$extra" && rm .venv/.installing; } 2>/dev/null || explain
    echo "Installed."
}

# On Linux the usual PyTorch brings gigabytes of CUDA along; builds for the processor alone have an index of their own.
choose_pytorch() {
    [ "$(uname -s)" = Linux ] && [ -z "${PIP_EXTRA_INDEX_URL:-}${PIP_FIND_LINKS:-}" ] || return 0
    cpu_builds=https://download.pytorch.org/whl/cpu
    if .venv/bin/python -c "import urllib.request as u; u.urlopen('$cpu_builds/torch/', timeout=10)" 2>/dev/null; then
        export PIP_EXTRA_INDEX_URL=$cpu_builds
    else
        echo "PyTorch's index of CPU builds does not answer: the download may be 3 GB larger, with CUDA in it."
    fi
}

pip_install() {
    rm -f "$outcome"
    {
        .venv/bin/python -m pip install --disable-pip-version-check --no-input --log "$log" \
            -c constraints.txt "$@" 2>>"$errors"
        { echo $? >"$outcome"; } 2>/dev/null
    } | tell_progress
    [ "$(cat "$outcome" 2>/dev/null)" = 0 ]
}

# Of what pip says: which large file is on its way, and that the end is near.
tell_progress() {
    awk -v least="$worth_a_line" '
        /Downloading .*[0-9] [MG]B\)$/ {
            size = substr($(NF - 1), 2); unit = substr($NF, 1, 2); name = $2
            gsub(/.*\/|-.*/, "", name)
            if (unit == "GB" || size + 0 >= least) print "  fetching " name " (" size " " unit ")"
        }
        /^Installing collected packages/ { print "  unpacking " (NF - 3) (NF > 4 ? " packages" : " package") }
        { fflush() }
    '
}

what_to_install() {
    if [ "$extra" = serve ]; then echo .; else echo ".[$extra]"; fi
}

describe() {
    case $extra in
        dev) what="the bot's dependencies and the tools" ;;
        serve) what="what the bot needs to serve; its index is built, so nothing of PyTorch" ;;
        *) what="the bot's dependencies" ;;
    esac
    if [ -n "$is_new" ] && [ "$extra" != serve ]; then what="$what: 2 GB on disk, mostly PyTorch; one to five minutes"; fi
    echo "$what"
}

# ---- one line for what went wrong

says() {
    grep -qiE "$1" "${2:-$errors}" 2>/dev/null
}

explain() {
    left=$(free_space)
    if says 'No space left on device|Errno 28|Disk quota exceeded|Errno 122' || [ "${left:-1000}" -lt 20 ]; then
        fail "The disk became full: make room for $whole_install MB in $PWD (and 1000 MB in ${TMPDIR:-/tmp}), $again."
    elif says 'Permission denied|Read-only file system'; then
        fail "A file cannot be written: make the folder yours, $again."
    elif says "$no_compiler" "$log"; then
        fail "A C compiler is missing: install one (Debian, Ubuntu: sudo apt install build-essential; macOS: xcode-select --install), $again."
    elif says 'connection broken by|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|name resolution|Max retries exceeded|IncompleteRead'; then
        fail "The package index cannot be reached: check network and proxy, $again."
    elif says 'No matching distribution found'; then
        fail "A pinned package does not exist for Python $version on this machine: try another, for example make PYTHON=python3.11 ..."
    fi
    fail "The installation failed: put right what pip complains of, $again."
}

fail() {
    stop "$* (Complaints: $errors; everything: $log)"
}

main
