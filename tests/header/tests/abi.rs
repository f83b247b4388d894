//! The C ABI keeps what it once had: every function, struct and constant of the baseline in tests/abi is still there
//! and has not changed.
//!
//! With `SAEK_UPDATE=1` this adds what is new, and lets a struct that begins with `struct_size` grow at
//! its end. Anything else would break compiled programs; where that is wanted, `ABI_VERSION` in src/ffi/status.rs is
//! raised, and the update then writes the baseline anew.

use sae_kernels_header::{UPDATE, header, repository, updating};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

/// What the header declares, by name.
type Items = BTreeMap<String, String>;

/// The header without comments and preprocessor lines, and its constants.
fn split(header: &str) -> (String, Items) {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, comment)) = rest.split_once("/*") {
        code += before;
        rest = comment.split_once("*/").expect("a comment ends").1;
    }
    code += rest;
    let mut declarations = String::new();
    let mut constants = Items::new();
    let mut in_cplusplus = false;
    for line in code.lines() {
        let line = line.split("//").next().expect("at least one part").trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["#ifdef", "__cplusplus"] => in_cplusplus = true,
            ["#endif", ..] => in_cplusplus = false,
            // The library's version is not part of the ABI.
            ["#define", "SAEK_VERSION", ..] => {}
            ["#define", name, ..] if name.starts_with("SAEK_") => {
                let name = name.split('(').next().expect("at least one part");
                constants.insert(name.to_owned(), words[1..].join(" "));
            }
            _ if line.starts_with('#') || in_cplusplus => {}
            _ => declarations += &format!("{line} "),
        }
    }
    (declarations, constants)
}

/// The statements that end outside braces, with single spaces.
fn statements(declarations: &str) -> Vec<String> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (i, c) in declarations.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ';' if depth == 0 => {
                let words: Vec<&str> = declarations[start..i].split_whitespace().collect();
                found.push(words.join(" "));
                start = i + 1;
            }
            _ => {}
        }
    }
    assert_eq!(declarations[start..].trim(), "", "the header ends in the middle of a declaration");
    found
}

/// The size of a struct, which is the alignment of the next, and the alignment.
type Layout = (usize, usize);

/// The layout of the type of a field on 64-bit platforms.
fn layout(kind: &str, structs: &BTreeMap<String, Layout>) -> Layout {
    match kind.trim_start_matches("const ") {
        pointer if pointer.contains('*') => (8, 8),
        "uint8_t" | "int8_t" | "char" => (1, 1),
        "uint32_t" | "int32_t" | "float" | "int" | "saek_status" => (4, 4),
        "uint64_t" | "int64_t" | "size_t" | "double" => (8, 8),
        callback if callback.ends_with("_callback") => (8, 8),
        other => *structs
            .get(other.trim_start_matches("struct "))
            .unwrap_or_else(|| panic!("tests/abi.rs does not know the size of {other}")),
    }
}

/// One line for the struct, then one for each field with its offset. Every byte must belong to a field.
fn describe_struct(name: &str, body: &str, structs: &mut BTreeMap<String, Layout>) -> String {
    let (mut lines, mut offset, mut strictest) = (String::new(), 0, 1);
    for field in body.split(';').map(str::trim).filter(|field| !field.is_empty()) {
        let at = field.rfind([' ', '*']).expect("a type and a name") + 1;
        let (kind, declarator) = (field[..at].trim(), &field[at..]);
        let (size, align) = layout(kind, structs);
        let count = declarator.split_once('[').map_or(1, |(_, after)| {
            after.trim_end_matches(']').parse::<usize>().expect("an array of a number of elements")
        });
        assert_eq!(offset % align, 0, "{name}: a gap before {declarator}; fill it with a reserved field");
        writeln!(lines, "    {offset:>3} {kind} {declarator}").expect("a String takes everything");
        offset += size * count;
        strictest = strictest.max(align);
    }
    assert_eq!(offset % strictest, 0, "{name}: a gap at the end; fill it with a reserved field");
    structs.insert(name.to_owned(), (offset, strictest));
    format!("struct {name}, {offset} bytes\n{}", lines.trim_end())
}

/// Functions, types and constants of the header.
fn declared() -> [Items; 3] {
    let (declarations, constants) = split(&header());
    let (mut functions, mut types, mut structs) = (Items::new(), Items::new(), BTreeMap::new());
    for statement in statements(&declarations) {
        let Some(definition) = statement.strip_prefix("typedef ") else {
            let name = statement.split('(').next().and_then(|before| before.split([' ', '*']).next_back());
            let name = name.expect("a function has a name").to_owned();
            assert!(name.starts_with("saek_"), "{statement}");
            functions.insert(name, statement);
            continue;
        };
        if let Some((before, after)) = definition.split_once('{') {
            let name = before.trim().strip_prefix("struct ").expect("only structs have braces");
            let body = after.rsplit_once('}').expect("a struct ends").0;
            types.insert(name.to_owned(), describe_struct(name, body, &mut structs));
        } else {
            let name = match definition.split_once("(*") {
                Some((_, after)) => after.split(')').next(),
                None => definition.split(' ').next_back(),
            };
            types.insert(name.expect("a type has a name").to_owned(), statement);
        }
    }
    [functions, types, constants]
}

/// Whether a struct has only grown at its end, which its `struct_size` allows.
fn has_grown(old: &str, new: &str) -> bool {
    let fields = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (fields(old), fields(new));
    old.first().is_some_and(|first| first.ends_with(" uint32_t struct_size")) && new.starts_with(&old)
}

/// Reads a baseline: an item is a line and the indented lines after it. The name is found again in the header's own
/// items, or else in the line.
fn read(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        match items.last_mut() {
            Some(item) if line.starts_with(' ') => *item += &format!("\n{line}"),
            _ => items.push(line.to_owned()),
        }
    }
    items
}

/// The name that an item of a baseline declares.
fn name_of(item: &str) -> String {
    let words = item.lines().next().expect("an item has a line");
    let word =
        |text: &str| text.split([' ', '*', ',', '(', ')']).find(|word| !word.is_empty()).map(str::to_owned);
    if let Some(after) = words.strip_prefix("struct ").filter(|_| words.ends_with(" bytes")) {
        word(after)
    } else if let Some((_, after)) = words.split_once("(*").filter(|_| words.starts_with("typedef ")) {
        word(after)
    } else if words.starts_with("typedef ") {
        words.split(' ').next_back().map(str::to_owned)
    } else if words.starts_with("SAEK_") {
        word(words)
    } else {
        words.split('(').next().and_then(|before| before.split([' ', '*']).next_back()).map(str::to_owned)
    }
    .unwrap_or_else(|| panic!("no name in {item:?}"))
}

#[test]
fn nothing_of_the_baseline_has_changed() {
    let declared = declared();
    let paths = ["tests/abi/symbols.txt", "tests/abi/types.txt", "tests/abi/constants.txt"];
    let baseline = paths.map(|path| {
        let text = fs::read_to_string(repository(path)).unwrap_or_default();
        read(&text).into_iter().map(|item| (name_of(&item), item)).collect::<Items>()
    });
    let version = |items: &Items| items.get("SAEK_ABI_VERSION").cloned();
    let anew = version(&baseline[2]) != version(&declared[2]);
    let mut faults = Vec::new();
    for ((old, new), path) in baseline.iter().zip(&declared).zip(&paths) {
        for (name, item) in old.iter().filter(|_| !(updating() && anew)) {
            match new.get(name) {
                None => faults.push(format!("{name} is gone")),
                Some(now) if now != item && !(updating() && has_grown(item, now)) => {
                    faults.push(format!("{name} has changed from\n  {item}\nto\n  {now}"));
                }
                Some(_) => {}
            }
        }
        for name in new.keys().filter(|name| !updating() && !old.contains_key(*name)) {
            faults.push(format!("{name} is new: {UPDATE} adds it to {path}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (items, path) in declared.iter().zip(&paths).filter(|_| updating()) {
        let text: String = items.values().map(|item| format!("{item}\n")).collect();
        fs::write(repository(path), text).expect("the baseline can be written");
    }
}

/// The names that are read back from a baseline are those under which the header's items are kept.
#[test]
fn names_survive_the_baseline() {
    for items in declared() {
        assert!(!items.is_empty());
        for (name, item) in items {
            assert_eq!(name_of(&item), name);
        }
    }
}

#[test]
fn only_versioned_structs_may_grow() {
    let old = "struct p, 8 bytes\n      0 uint32_t struct_size\n      4 uint32_t reserved";
    let grown =
        "struct p, 16 bytes\n      0 uint32_t struct_size\n      4 uint32_t reserved\n      8 double x";
    let moved = "struct p, 8 bytes\n      0 uint32_t struct_size\n      4 float reserved";
    let plain = "struct p, 8 bytes\n      0 double x";
    let plain_grown = "struct p, 16 bytes\n      0 double x\n      8 double y";
    assert!(has_grown(old, grown));
    assert!(!has_grown(old, moved));
    assert!(!has_grown(grown, old));
    assert!(!has_grown(plain, plain_grown));
}
