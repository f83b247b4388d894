//! Writes the C header: cbindgen's declarations of src/ffi between a preamble and the status constants.

// The statuses, straight from the library, which need not be compiled for it.
#[allow(dead_code)]
#[path = "../../../src/error.rs"]
mod error;

use error::{Argument, Reason};
use std::fmt::{Debug, Write};
use std::fs;
use std::path::{Path, PathBuf};

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The text of a file in the repository.
pub fn text_of(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The source files of the C ABI, in the order of the header: statuses, then the kernels by name.
pub fn ffi_sources() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository("src/ffi")).expect("src/ffi");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry of src/ffi").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    // mod.rs declares nothing of its own, and cbindgen would follow it to the other files a second time.
    files.retain(|path| !path.ends_with("mod.rs"));
    files.sort_by_key(|path| (!path.ends_with("status.rs"), path.clone()));
    files
}

/// The number of the library's version, as `saek_version` gives it.
fn version() -> u32 {
    let manifest = text_of("Cargo.toml");
    let version = between(&manifest, "\nversion = \"", "\"");
    version
        .split('.')
        .fold(0, |number, part| 1000 * number + part.parse::<u32>().expect("a version of numbers"))
}

/// The number of the ABI's version, as `saek_abi_version` gives it.
fn abi_version() -> u32 {
    let source = text_of("src/ffi/status.rs");
    between(&source, "const ABI_VERSION: u32 = ", ";").parse().expect("a number")
}

/// The text after the first `before` up to `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?}"));
    rest.split(after).next().expect("at least one part")
}

/// The command that writes what is generated.
pub const UPDATE: &str = "SAEK_UPDATE=1 cargo test --manifest-path tests/header/Cargo.toml";

/// Whether files that are generated shall be written instead of compared.
pub fn updating() -> bool {
    std::env::var_os("SAEK_UPDATE").is_some_and(|value| value == "1")
}

/// The header as it ought to be.
pub fn header() -> String {
    let mut config = cbindgen::Config::from_file(repository("cbindgen.toml")).expect("cbindgen.toml");
    config.header = Some(PREAMBLE.trim().to_owned());
    config.after_includes = Some(constants());
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in ffi_sources() {
        builder = builder.with_src(file);
    }
    let mut text = Vec::new();
    builder.generate().expect("src/ffi can be read by cbindgen").write(&mut text);
    tidy(&String::from_utf8(text).expect("a header in UTF-8"))
}

/// The longest line of the header's declarations.
const WIDTH: usize = 110;

const PREAMBLE: &str = "
/*
 * sae-kernels: numeric kernels to make synthetic data for sparse autoencoders, to train them and to judge them.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * Generated from the library's sources; do not edit.
 *
 * MATRICES are row-major and hold one vector a row. They are passed as a pointer to the first element, rows, columns
 * and a row stride counted in elements, stride >= columns. Element (i, j) lies at i * stride + j. What lies between
 * the columns and the stride is neither read nor written. Memory that is written must not be shared with another
 * argument of the same call.
 *
 * STATUS. Functions that can fail return a saek_status: 0 for success, otherwise a reason and the argument it is
 * about, in one number. Null pointers, sizes, strides, overflow, alignment and values are checked before anything is
 * done; unless a function says otherwise, a call that fails has written nothing. saek_status_message puts a status
 * into words. No call prints anything or unwinds into its caller.
 *
 * WORKSPACES. The library keeps no memory between calls and hands none out, but for the saved models that
 * saek_model_open reads and saek_model_close frees. A function that needs scratch memory takes a workspace, and a
 * function of the same name with _workspace at its end says how many bytes it needs and at which alignment. Its
 * contents before and after a call mean nothing; one workspace serves any number of calls, one at a time.
 *
 * PARAMETERS that have defaults are in a struct whose first field, struct_size, is its sizeof. Fill it with the
 * matching saek_..._params_init, then change what shall differ. A null pointer stands for the defaults.
 *
 * THREADS. There is no global state (but the threads themselves, in a library built with them, which serve the whole
 * process): calls from several threads do not disturb each other as long as they do not
 * write to the same memory. A call uses one thread unless it is given a number of them.
 *
 * DETERMINISM. On one machine the same input gives the same bits, whatever the number of threads. What is drawn at
 * random depends on the seed and on a sample's position alone, so that a batch can be split in any way.
 */
";

/// Versions, statuses and arguments as macros.
fn constants() -> String {
    let mut text = format!(
        "
/** The version of this header, major * 1000000 + minor * 1000 + patch; saek_version() gives the library's. */
#define SAEK_VERSION {}

/** The version of the ABI that this header describes; saek_abi_version() gives the library's. */
#define SAEK_ABI_VERSION {}

/** Success. */
#define SAEK_STATUS_OK 0

/** The reason in a status: 0 or one of the SAEK_STATUS_ numbers below. */
#define SAEK_STATUS_REASON(status) ((status) & 0xff)

/** The argument in a status: one of the SAEK_ARGUMENT_ numbers below. */
#define SAEK_STATUS_ARGUMENT(status) (((status) >> 8) & 0xff)

/** The status that stands for a reason and an argument. */
#define SAEK_STATUS(reason, argument) ((reason) + 256 * (argument))

/* Reasons: the argument ... */
",
        version(),
        abi_version()
    );
    let reasons = Reason::ALL.iter().map(|&reason| (screaming(reason), reason as u8, reason.text()));
    define(&mut text, "SAEK_STATUS_", reasons);
    text.push_str("\n/* Arguments, as they are named in the declarations below. */\n");
    let arguments = Argument::ALL.iter().map(|&argument| {
        let what = if argument == Argument::Call { "no argument in particular" } else { "" };
        (screaming(argument), argument as u8, what)
    });
    define(&mut text, "SAEK_ARGUMENT_", arguments);
    text.truncate(text.trim_end().len());
    text
}

/// One `#define` a line, with its comment.
fn define<'a>(text: &mut String, prefix: &str, constants: impl Iterator<Item = (String, u8, &'a str)>) {
    for (name, number, comment) in constants {
        let name = format!("{prefix}{name}");
        write!(text, "#define {name:<36} {number:>2}").expect("a String takes everything");
        if !comment.is_empty() {
            write!(text, " /**< {comment} */").expect("a String takes everything");
        }
        text.push('\n');
    }
}

/// `NotANumber` as `NOT_A_NUMBER`.
fn screaming(variant: impl Debug) -> String {
    let mut name = String::new();
    for c in format!("{variant:?}").chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(c.to_uppercase());
    }
    name
}

/// Turns Rust documentation into what a C programmer reads: no `# Safety` sections, which say what C takes for
/// granted, and short comments on one line. Long declarations are broken.
fn tidy(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut skipping = false;
    for line in text.lines() {
        let inner = line.trim_start().strip_prefix('*').map(str::trim);
        if line.trim() == "*/" {
            skipping = false;
            while lines.last().is_some_and(|last| last.trim() == "*") {
                lines.pop();
            }
        } else if let Some(heading) = inner.and_then(|inner| inner.strip_prefix("# ")) {
            skipping = heading == "Safety";
        }
        if !skipping {
            lines.push(line);
        }
    }
    let mut out = String::new();
    let mut rest = &lines[..];
    while let Some(&line) = rest.first() {
        if let [open, middle, close, ..] = rest
            && open.trim() == "/**"
            && close.trim() == "*/"
            && let Some(comment) = middle.trim().strip_prefix("* ")
            && open.len() + comment.len() + 4 <= WIDTH
        {
            out += &format!("{open} {comment} */\n");
            rest = &rest[3..];
        } else {
            out += &wrap(line.trim_end());
            out.push('\n');
            rest = &rest[1..];
        }
    }
    out
}

/// Breaks the declaration of a function into lines of at most `WIDTH` characters.
fn wrap(line: &str) -> String {
    if line.len() <= WIDTH || !line.ends_with(");") {
        return line.to_owned();
    }
    let (mut out, mut column) = (String::new(), 0);
    for part in line.split_inclusive(", ") {
        if column > 0 && column + part.trim_end().len() > WIDTH {
            out.truncate(out.trim_end().len());
            out.push_str("\n    ");
            column = 4;
        }
        out += part;
        column += part.len();
    }
    out
}
