#!/usr/bin/env bash
# Builds the engine for browsers: target/wasm/detente.wasm. Where the toolchain has the target (`rustup target add wasm32-unknown-unknown`)
# that is all it takes; else Debian's packages rustc-web, cargo-web, rust-web-src and lld-19 build the standard library along with it.
set -euo pipefail
cd "$(dirname "$0")/.."

target=wasm32-unknown-unknown
build=(build --locked --profile wasm --package detente-wasm --target "$target" --target-dir target/wasm)
if [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
  cargo "${build[@]}"
elif [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && command -v wasm-ld-19 >/dev/null; then
  RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 \
    /usr/bin/cargo "${build[@]}" -Zbuild-std=std,panic_abort
else
  echo "no standard library for $target: rustup target add $target, or install rustc-web cargo-web rust-web-src lld-19" >&2
  exit 1
fi
cp "target/wasm/$target/wasm/detente_wasm.wasm" target/wasm/detente.wasm
ls -l target/wasm/detente.wasm
# A page gives the engine nothing but its memory: one that asks for more would not even start.
node -e '
const asks = WebAssembly.Module.imports(new WebAssembly.Module(require("fs").readFileSync("target/wasm/detente.wasm")));
if (asks.length > 0) { console.error("the engine asks the page for", asks); process.exit(1); }'
