//! Forests made to measure: so many roots, so many children a node, so deep.

use super::NONE;
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::rng::Mersenne;

/// What [`generate_forest`] makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeneratedForest {
    /// Number of trees, >= 1. Default 100.
    pub roots: usize,
    /// Least number of children of a node that has any, >= 2. Default 100.
    pub least_branching: u32,
    /// Greatest number of them, >= `least_branching`. Default 100.
    pub most_branching: u32,
    /// Levels below the roots, >= 1. Default 2.
    pub depth: u32,
    /// Which part of the nodes with two or more children has children that exclude each other, in [0, 1], rounded down.
    /// Default 0.
    pub exclusive_portion: f64,
    /// The least depth of these nodes; roots have depth 0. Default 0.
    pub exclusive_min_depth: u32,
    /// Their greatest depth, >= `exclusive_min_depth`. Default 2^32 - 1.
    pub exclusive_max_depth: u32,
    /// Whether activations of children are scaled by those of their parents. Default false.
    pub scale_children: bool,
}

impl Default for GeneratedForest {
    fn default() -> Self {
        Self {
            roots: 100,
            least_branching: 100,
            most_branching: 100,
            depth: 2,
            exclusive_portion: 0.0,
            exclusive_min_depth: 0,
            exclusive_max_depth: u32::MAX,
            scale_children: false,
        }
    }
}

impl GeneratedForest {
    fn check(&self) -> Result<(), Error> {
        ensure(self.roots > 0, Reason::Empty, Argument::Roots)?;
        ensure(self.least_branching >= 2, Reason::OutOfRange, Argument::LeastBranching)?;
        let rising = self.most_branching >= self.least_branching;
        ensure(rising, Reason::OutOfRange, Argument::MostBranching)?;
        ensure(self.depth > 0, Reason::OutOfRange, Argument::Depth)?;
        ensure_finite(self.exclusive_portion, Argument::ExclusivePortion)?;
        let portion = (0.0..=1.0).contains(&self.exclusive_portion);
        ensure(portion, Reason::OutOfRange, Argument::ExclusivePortion)?;
        let rising = self.exclusive_max_depth >= self.exclusive_min_depth;
        ensure(rising, Reason::OutOfRange, Argument::ExclusiveMaxDepth)
    }
}

/// Room for a forest, a number a node; what [`Hierarchy::new`](super::Hierarchy::new) takes.
#[derive(Debug)]
pub struct ForestMut<'a> {
    /// Index of each node's parent, [`NONE`] for a root.
    pub parents: &'a mut [u32],
    /// Index of each node's feature.
    pub features: &'a mut [u32],
    /// 1 where at most one child may be active, else 0.
    pub exclusive: &'a mut [u8],
    /// 1 where the children are scaled, else 0.
    pub scaled: &'a mut [u8],
}

/// Makes a forest of as many nodes as there is room for, at most, and gives their number.
///
/// Trees grow level by level: first the roots, then the children of each node of a level in turn, until `depth` levels
/// lie below the roots or the room is used up. Node i has feature i. Then, of the nodes with two or more children at the
/// depths asked for, the portion asked for is chosen to have exclusive children.
///
/// - `seed`: of Python's generator: the forest is the one that sae-lens makes with this seed.
/// - `out`: room for as many nodes as there are features, in all four arrays; their first elements are written, as many
///   as there are nodes.
///
/// # Errors
/// [`Reason::Empty`] (roots), [`Reason::OutOfRange`], [`Reason::NotANumber`], [`Reason::Infinite`] (the fields of
/// `params`); [`Reason::Empty`] (features) for no room; [`Reason::OutOfRange`] (features) for 2^32 - 1 and more;
/// [`Reason::Shape`] (parents, exclusive, scaled) unless all arrays have the same length. `out` is then untouched.
///
/// # Cost
/// O(nodes), no workspace. Deterministic in the parameters, the seed and the room.
///
/// # Source
/// `sae_lens.synthetic.generate_hierarchy` of sae-lens 6.54.
pub fn generate_forest(params: &GeneratedForest, seed: u64, out: ForestMut<'_>) -> Result<usize, Error> {
    params.check()?;
    let ForestMut { parents, features, exclusive, scaled } = out;
    let room = features.len();
    ensure(room > 0, Reason::Empty, Argument::Features)?;
    ensure(room < NONE as usize, Reason::OutOfRange, Argument::Features)?;
    ensure(parents.len() == room, Reason::Shape, Argument::Parents)?;
    ensure(exclusive.len() == room, Reason::Shape, Argument::Exclusive)?;
    ensure(scaled.len() == room, Reason::Shape, Argument::Scaled)?;
    let mut random = Mersenne::by_array(seed);

    let mut nodes = params.roots.min(room);
    parents[..nodes].fill(NONE);
    scaled[..nodes].fill(u8::from(params.scale_children));
    // Nodes that may have exclusive children, listed where their features will be: no more than there are nodes.
    let (eligible, mut count) = (&mut *features, 0);
    let mut level = 0..nodes;
    for depth in 0..params.depth {
        for node in level.clone() {
            let branching = branching(params, &mut random) as usize;
            let children = nodes..nodes + branching.min(room - nodes);
            nodes = children.end;
            let has_rivals = children.len() >= 2;
            parents[children.clone()].fill(node as u32);
            // Leaves scale nothing.
            scaled[children].fill(u8::from(params.scale_children && depth + 1 < params.depth));
            let depths = params.exclusive_min_depth..=params.exclusive_max_depth;
            if has_rivals && depths.contains(&depth) {
                eligible[count] = node as u32;
                count += 1;
            }
        }
        level = level.end..nodes;
        if level.is_empty() {
            break;
        }
    }
    let chosen = (count as f64 * params.exclusive_portion) as usize;
    exclusive[..nodes].fill(0);
    choose(chosen, &mut eligible[..count], &mut random, |node| {
        core::mem::replace(&mut exclusive[node as usize], 1) == 0
    });
    for (feature, node) in features[..nodes].iter_mut().zip(0..) {
        *feature = node;
    }
    Ok(nodes)
}

/// The number of children of the next node: as `random.randint` of Python, which draws nothing here where there is but
/// one possibility.
fn branching(params: &GeneratedForest, random: &mut Mersenne) -> u32 {
    match params.most_branching - params.least_branching {
        0 => params.least_branching,
        // 2 and more on: there are at most 2^32 - 2 of them.
        difference => params.least_branching + random.index(difference + 1),
    }
}

/// Chooses `chosen` of the candidates, in the way of Python's `random.sample`; `take` says whether one is new.
///
/// Python draws from a shrinking pool where that takes less memory than remembering the chosen ones.
fn choose(chosen: usize, candidates: &mut [u32], random: &mut Mersenne, mut take: impl FnMut(u32) -> bool) {
    let mut set_size = 21;
    if chosen > 5 {
        // 4 to the power of the logarithm of 3 chosen, rounded up: never a power of 4 itself.
        let mut power = 4_u64;
        while power < 3 * chosen as u64 {
            power *= 4;
        }
        set_size += power;
    }
    let count = candidates.len();
    if count as u64 <= set_size {
        for i in 0..chosen {
            let left = count - i;
            let at = random.index(left as u32) as usize;
            take(candidates[at]);
            candidates[at] = candidates[left - 1];
        }
    } else {
        for _ in 0..chosen {
            while !take(candidates[random.index(count as u32) as usize]) {}
        }
    }
}
