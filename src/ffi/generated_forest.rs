//! C function that generates forests of features.

use super::boundary::{Arguments, VersionedStruct, call, init, params};
use super::types::saek_status;
use crate::activation::hierarchy::{self, ForestMut, GeneratedForest};
use crate::error::{Argument, Reason, ensure};

/// What `saek_generate_forest` makes.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_generated_forest {
    /// sizeof(saek_generated_forest); `saek_generated_forest_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Number of trees, >= 1. Default 100.
    pub roots: usize,
    /// Least number of children of a node that has any, >= 2. Default 100.
    pub least_branching: u32,
    /// Greatest number of them, >= least_branching. Default 100.
    pub most_branching: u32,
    /// Levels below the roots, >= 1. Default 2.
    pub depth: u32,
    /// 1 where activations of children are scaled by those of their parents, else 0. Default 0.
    pub scale_children: u32,
    /// Which part of the nodes with two or more children has children that exclude each other, in [0, 1], rounded down.
    /// Default 0.
    pub exclusive_portion: f64,
    /// The least depth of these nodes; roots have depth 0. Default 0.
    pub exclusive_min_depth: u32,
    /// Their greatest depth, >= exclusive_min_depth. Default 2^32 - 1.
    pub exclusive_max_depth: u32,
}

// SAFETY: repr(C), begins with struct_size, holds numbers.
unsafe impl VersionedStruct for saek_generated_forest {
    fn defaults() -> Self {
        let GeneratedForest {
            roots,
            least_branching,
            most_branching,
            depth,
            exclusive_portion,
            exclusive_min_depth,
            exclusive_max_depth,
            scale_children,
        } = GeneratedForest::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            roots,
            least_branching,
            most_branching,
            depth,
            scale_children: u32::from(scale_children),
            exclusive_portion,
            exclusive_min_depth,
            exclusive_max_depth,
        }
    }
}

/// Fills a saek_generated_forest with the defaults.
///
/// Status: NULL_POINTER, MISALIGNED (params).
///
/// # Safety
/// `p` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_generated_forest_init(p: *mut saek_generated_forest) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(p) })
}

/// Makes a forest of as many nodes as there is room for, at most.
///
/// Trees grow level by level: first the roots, then the children of each node of a level in turn, until `depth` levels
/// lie below the roots or the room is used up. Node i has feature i. Then, of the nodes with two or more children at the
/// depths asked for, the portion asked for is chosen to have exclusive children.
///
/// - `p`: what to make; NULL for the defaults.
/// - `seed`: of Python's generator: the forest is the one that sae-lens 6.54 makes with this seed.
/// - `parents`, `features`, `exclusive`, `scaled`: as `saek_plan_hierarchy` takes them; their first elements are
///   written, as many as there are nodes.
/// - `room`: the length of the four; the number of features, if all of these may be used.
/// - `nodes`: written: the number of nodes.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); STRUCT_SIZE (params); EMPTY (roots,
/// features); OUT_OF_RANGE, NOT_A_NUMBER, INFINITE (the fields of `p`); UNKNOWN_VALUE (scaled) for a scale_children
/// that is neither 0 nor 1; OUT_OF_RANGE (features) for room for 2^32 - 1 nodes and more.
/// Cost: O(nodes), no workspace.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_generate_forest(
    p: *const saek_generated_forest,
    seed: u64,
    parents: *mut u32,
    features: *mut u32,
    exclusive: *mut u8,
    scaled: *mut u8,
    room: usize,
    nodes: *mut usize,
) -> saek_status {
    call(|| {
        let mut arguments = Arguments::new();
        // SAFETY: the caller's promise.
        let (p, out, nodes) = unsafe {
            let out = ForestMut {
                parents: arguments.slice_mut(parents, room, Argument::Parents)?,
                features: arguments.slice_mut(features, room, Argument::Features)?,
                exclusive: arguments.slice_mut(exclusive, room, Argument::Exclusive)?,
                scaled: arguments.slice_mut(scaled, room, Argument::Scaled)?,
            };
            (params(p)?, out, arguments.output(nodes, Argument::Nodes)?)
        };
        ensure(p.scale_children <= 1, Reason::UnknownValue, Argument::Scaled)?;
        let forest = GeneratedForest {
            roots: p.roots,
            least_branching: p.least_branching,
            most_branching: p.most_branching,
            depth: p.depth,
            exclusive_portion: p.exclusive_portion,
            exclusive_min_depth: p.exclusive_min_depth,
            exclusive_max_depth: p.exclusive_max_depth,
            scale_children: p.scale_children == 1,
        };
        *nodes = hierarchy::generate_forest(&forest, seed, out)?;
        Ok(())
    })
}
