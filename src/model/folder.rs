//! A model's folder: read with suspicion, and written so that it is there whole or not at all.

use super::error::{ModelError, refuse};
use super::{Config, Forest, Model, weights};
use crate::error::{Argument, Reason};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// The file of the [`Config`].
pub const CONFIG_FILE: &str = "synthetic_model_config.json";
/// The file of the arrays.
pub const WEIGHTS_FILE: &str = "synthetic_model.safetensors";
/// The file of the [`Forest`], where there is one.
pub const HIERARCHY_FILE: &str = "hierarchy.json";

/// The longest configuration that is read.
const LONGEST_CONFIG: u64 = 1 << 20;

/// The longest hierarchy that is read: so much, and so much a feature. A node 60 deep takes less than 2 KiB.
const LONGEST_HIERARCHY: (u64, u64) = (4 << 20, 4 << 10);

/// Reads a model from its folder.
///
/// # Errors
/// [`Reason::Unreadable`] ([`Argument::Path`]) for a file that cannot be opened or is not there;
/// [`Reason::Malformed`] for one that is cut short, too long or not of its format ([`Argument::Config`],
/// [`Argument::Weights`], [`Argument::Hierarchy`], or the array); [`Reason::Shape`] for an array of another shape than
/// the configuration's; what [`Model::validate`] refuses. The message names the file and the part of it.
///
/// # Cost
/// Linear in the length of the files, and memory of a small multiple of it, whatever they say.
pub fn read(folder: &Path) -> Result<Model, ModelError> {
    let path = folder.join(CONFIG_FILE);
    let json = text(&path, Argument::Config, LONGEST_CONFIG)?;
    let config = Config::from_json(&json.unwrap_or_default()).map_err(|error| error.within(&path))?;

    let path = folder.join(WEIGHTS_FILE);
    let file = File::open(&path).map_err(|error| unreadable(&path, &error))?;
    let weights = weights::read(file, &config).map_err(|error| error.within(&path))?;

    let path = folder.join(HIERARCHY_FILE);
    let (least, each) = LONGEST_HIERARCHY;
    let limit = each.saturating_mul(config.num_features as u64).saturating_add(least);
    let hierarchy = match text(&path, Argument::Hierarchy, limit)? {
        None => None,
        Some(json) => Some(Forest::from_json(&json).map_err(|error| error.within(&path))?),
    };

    let model = Model {
        config,
        feature_vectors: weights.feature_vectors,
        bias: weights.bias,
        firing_probabilities: weights.firing_probabilities,
        correlation: weights.correlation,
        hierarchy,
    };
    model.validate().map_err(|error| error.within(folder))?;
    Ok(model)
}

/// Writes a model into a new folder.
///
/// The files are written to a folder beside it, `.NAME.PROCESS.NUMBER.part`, and seen on the disk; then that folder is
/// given its name. A crash leaves that folder or nothing, never half a model under `folder`. An empty folder is replaced
/// where the system allows that; a folder with anything in it never is: remove an older model first.
///
/// # Errors
/// What [`Model::validate`] refuses, before anything is written; [`Reason::Unwritable`] ([`Argument::Path`]) where a
/// file cannot be written, or where there is something at `folder`. What was written then is removed again.
///
/// # Cost
/// Linear in what is written, and memory for a copy of the arrays.
pub fn write(model: &Model, folder: &Path) -> Result<(), ModelError> {
    model.validate()?;
    let config = model.config.to_json()?;
    let hierarchy = model.hierarchy.as_ref().map(Forest::to_json).transpose()?;
    // Before the work; the renaming below would find the same out.
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return refuse(
            folder.display().to_string(),
            Reason::Unwritable,
            Argument::Path,
            "is there already, and not empty",
        );
    }
    let part = Part::new(folder)?;
    file(&part.path.join(CONFIG_FILE), config.as_bytes())?;
    file(&part.path.join(WEIGHTS_FILE), &weights::bytes(model)?)?;
    if let Some(json) = hierarchy {
        file(&part.path.join(HIERARCHY_FILE), json.as_bytes())?;
    }
    // Folders cannot be opened everywhere; where they can, their names are on the disk before the model has its own.
    let see = |path: &Path| File::open(path).and_then(|folder| folder.sync_all()).ok();
    see(&part.path);
    fs::rename(&part.path, folder).map_err(|error| unwritable(folder, &error))?;
    see(parent(folder));
    Ok(())
}

/// A folder that is removed again unless it has been renamed.
struct Part {
    path: PathBuf,
}

impl Part {
    fn new(folder: &Path) -> Result<Self, ModelError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Some(name) = folder.file_name() else {
            let place = folder.display().to_string();
            return refuse(place, Reason::Unwritable, Argument::Path, "does not end in a name");
        };
        // A folder that a crash has left may have the name of this process.
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let suffix = format!(".{}.{number}.part", std::process::id());
            let mut part = std::ffi::OsString::from(".");
            part.push(name);
            part.push(suffix);
            let path = parent(folder).join(part);
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(unwritable(&path, &error)),
            }
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Gone where the model has been given its name. Nothing but what was written here is removed.
        for name in [CONFIG_FILE, WEIGHTS_FILE, HIERARCHY_FILE] {
            let _ = fs::remove_file(self.path.join(name));
        }
        let _ = fs::remove_dir(&self.path);
    }
}

/// The folder in which `folder` is.
fn parent(folder: &Path) -> &Path {
    folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file and sees it on the disk.
fn file(path: &Path, contents: &[u8]) -> Result<(), ModelError> {
    File::create(path)
        .and_then(|mut file| file.write_all(contents).and_then(|()| file.sync_all()))
        .map_err(|error| unwritable(path, &error))
}

/// The contents of a file of at most `limit` bytes; nothing where a hierarchy is not there.
fn text(path: &Path, argument: Argument, limit: u64) -> Result<Option<Vec<u8>>, ModelError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && argument == Argument::Hierarchy => {
            return Ok(None);
        }
        file => file.map_err(|error| unreadable(path, &error))?,
    };
    let mut contents = Vec::new();
    file.take(limit + 1).read_to_end(&mut contents).map_err(|error| unreadable(path, &error))?;
    if contents.len() as u64 > limit {
        let problem = format!("is longer than {limit} bytes");
        return refuse("", Reason::Malformed, argument, problem)
            .map_err(|error: ModelError| error.within(path));
    }
    Ok(Some(contents))
}

fn unreadable(path: &Path, error: &std::io::Error) -> ModelError {
    ModelError::new("", Reason::Unreadable, Argument::Path, error.to_string()).within(path)
}

fn unwritable(path: &Path, error: &std::io::Error) -> ModelError {
    ModelError::new("", Reason::Unwritable, Argument::Path, error.to_string()).within(path)
}
