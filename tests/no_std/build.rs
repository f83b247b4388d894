//! Link options: no start files, no libraries, nothing loaded at run time.

fn main() {
    for option in ["-nostartfiles", "-nostdlib", "-static", "-no-pie"] {
        println!("cargo::rustc-link-arg-bins={option}");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
