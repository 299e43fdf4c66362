# shellcheck shell=bash
# What the words of script/ share. Sourced, never run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

tools=$root/build/tools
stamps=$root/build/stamps
export PATH=$tools/bin:$tools/venv/bin:$PATH

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "This needs root for \"$*\", and there is no sudo: run it as root once."
  fi
}

# One hash of the names and contents of all files in the given files and folders.
content_hash() {
  find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 2>/dev/null |
    LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

# git in a checkout that may belong to another user, as under sudo.
git_here() { git -c safe.directory='*' "$@"; }

# Our own files that match the patterns, tracked or new.
source_files() { git_here ls-files -co --exclude-standard --deduplicate -- "$@" | while read -r f; do [ -f "$f" ] && echo "$f"; done; }

# once NAME INPUTS… -- COMMAND…: runs the command unless it has succeeded with the same inputs before.
once() {
  local name=$1 inputs=() now
  shift
  while [ "$1" != -- ]; do inputs+=("$1"); shift; done
  shift
  now="$(content_hash "${inputs[@]}") $root $*"
  if [ "$(cat "$stamps/$name" 2>/dev/null)" = "$now" ]; then return; fi
  rm -f "$stamps/$name"
  "$@"
  mkdir -p "$stamps"
  printf '%s\n' "$now" >"$stamps/$name"
}

# Installs those Debian packages of the lists script/packages/NAME… that are missing.
debian_packages() {
  local wanted missing
  command -v dpkg-query >/dev/null || die "Torg's scripts install with apt: use Debian 12 (bookworm)."
  wanted=$(cd "$root/script/packages" && sed 's/#.*//' "$@" | tr -s ' \n' '\n' | sort -u)
  # shellcheck disable=SC2086  # one word per package
  missing=$({ dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null || true; } |
    awk '$2 == "installed" { print $1 }' | sort -u | comm -13 - <(printf '%s\n' "$wanted") | sed '/^$/d')
  if [ -z "$missing" ]; then return; fi
  say "Installing $(wc -w <<<"$missing") Debian packages: $(tr '\n' ' ' <<<"$missing")"
  as_root apt-get -o DPkg::Lock::Timeout=900 -qq update ||
    die "apt-get update failed: is this machine on the network, and are its package sources right?"
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0 \
    install -y -qq --no-install-recommends $missing >"$root/build/apt.log" 2>&1 ||
    die "apt-get could not install the packages (see build/apt.log): $(tail -1 "$root/build/apt.log")"
}

# python_venv FOLDER LIST: a virtual environment with exactly the packages of script/python/LIST.txt.
python_venv() {
  local folder=$1 list=$root/script/python/$2.txt
  [ -x "$folder/bin/python" ] || /usr/bin/python3 -m venv "$folder" ||
    die "No Python environment could be made in $folder: is python3-venv installed?"
  "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$list" ||
    die "pip could not install script/python/$2.txt: is a Python package index reachable?"
}

# maven_jars FOLDER LIST: the jars of script/java/LIST.txt, each named by its artifact; from where Maven's own settings say.
maven_jars() {
  local folder=$1 list=$root/script/java/$2.txt coordinate hash artifact
  mkdir -p "$folder"
  while read -r coordinate hash; do
    artifact=$(cut -d: -f2 <<<"$coordinate")
    mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy "-Dartifact=$coordinate" \
      "-DoutputDirectory=$folder" -Dmdep.stripVersion=true ||
      die "Maven could not fetch $coordinate: is a Maven repository reachable?"
    sha256sum --check --quiet - <<<"$hash  $folder/$artifact.jar" || die "$coordinate is not the file that script/java/$2.txt names."
  done < <(sed 's/#.*//; /^ *$/d' "$list")
}

# npm_packages FOLDER: exactly what the folder's package-lock.json says.
npm_packages() {
  (cd "$1" && npm ci --silent --no-audit --no-fund) ||
    die "npm could not install the packages of $1: is an npm registry reachable?"
}

# configured PRESET: the CMake build folder of that preset, made when it isn't there.
configured() {
  [ -f "build/$1/build.ninja" ] || cmake --preset "$1" >"build/$1.configure.log" 2>&1 ||
    { cat "build/$1.configure.log" >&2; die "CMake could not configure the preset $1."; }
}

# build PRESET TARGETS…: builds these targets (all of them when none is named), quietly unless it fails; one that fails
# doesn't keep the others from being built.
build() {
  local preset=$1
  shift
  configured "$preset"
  # shellcheck disable=SC2046  # one word per target
  nice cmake --build --preset "$preset" ${1:+--target "$@"} -- -k 0 >"build/$preset.log" 2>&1 ||
    { grep -E -A4 'error:|FAILED' "build/$preset.log" | head -60 >&2; die "The build failed; all of it is in build/$preset.log."; }
}

# The release build that script/server, the browser tests and the bench run, with the web client in it.
build_release() {
  if [ -f web/package.json ]; then
    once web-client web -- npm --prefix web run --silent build
  fi
  once release server cmake CMakeLists.txt CMakePresets.json bench web -- build release torg torg_load simulate
}

mkdir -p "$root/build"
