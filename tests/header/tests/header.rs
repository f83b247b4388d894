//! The committed C header is what the sources say; with `SAEK_UPDATE=1` it is written.

use sae_kernels_header::{UPDATE, ffi_sources, header, repository, updating};
use std::fs;

#[test]
fn the_header_is_up_to_date() {
    let path = repository("include/sae_kernels.h");
    let generated = header();
    if updating() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("include can be made");
        fs::write(&path, &generated).expect("the header can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let difference = committed.lines().zip(generated.lines()).position(|(a, b)| a != b);
    assert!(
        committed == generated,
        "include/sae_kernels.h differs from the sources, first in line {}; {UPDATE} writes it anew",
        1 + difference.unwrap_or(committed.lines().count().min(generated.lines().count()))
    );
}

/// Links between items and attributes mean something to rustdoc only.
#[test]
fn the_header_has_no_rust_in_it() {
    for (number, line) in header().lines().enumerate() {
        for rust in ["[`", "]: ", "::", "# Safety", "# Errors", "&mut", "```"] {
            assert!(!line.contains(rust), "line {}: {line}", number + 1);
        }
    }
}

/// Every `#[unsafe(no_mangle)]` function of src/ffi is declared; one inside a macro would not be.
#[test]
fn every_exported_function_is_declared() {
    let generated = header();
    let mut count = 0;
    for file in ffi_sources() {
        let text = fs::read_to_string(file).expect("a source file");
        let mut exported = false;
        for line in text.lines() {
            exported |= line.trim() == "#[unsafe(no_mangle)]";
            if let Some((_, after)) = line.split_once("extern \"C\" fn ").filter(|_| exported) {
                let name = after.split('(').next().expect("a name");
                assert!(generated.contains(&format!("{name}(")), "{name} is not in the header");
                exported = false;
                count += 1;
            }
        }
        assert!(!exported, "an exported function that this test cannot read, or one without extern \"C\"");
    }
    assert!(count > 0);
}
