//! Two dictionaries side by side: how alike their vectors are, which belongs to which, and how to draw that; and one
//! beside itself.
//!
//! - [`cosine_similarities`]: the cosine of every vector of one with every vector of the other, for heat maps;
//! - [`mcc`]: the mean correlation coefficient, one number for how well one recovers the other;
//! - [`feature_uniqueness`]: how many different features the latents have found;
//! - [`best_ordering`]: the order of latents that puts each near the feature it resembles most;
//! - [`superposition`]: how much the vectors of one dictionary interfere.
//!
//! [`match_dictionaries`] serves MCC, uniqueness and ordering in one pass over the products: its sum over min(n, m) is
//! the MCC, and `best_of_rows`, with the latents first, gives the other two through [`uniqueness_of_matches`] and
//! [`ordering_of_matches`].
//!
//! The definitions are those of sae-lens (`sae_lens.synthetic`). A vector's direction is the vector divided by
//! its norm, the norm taken as 1e-8 where it is less, so that a zero vector has cosine 0 with everything.

mod correlation;
mod cosine;
mod matched;
mod nearest;
mod ordering;
mod products;
mod superposition;
mod uniqueness;
mod unit_rows;

pub use correlation::{mcc, mcc_scratch};
pub use cosine::{cosine_similarities, cosine_similarities_scratch};
pub use matched::{MatchOut, MatchParams, match_dictionaries, match_dictionaries_scratch, verify_matching};
pub use ordering::{best_ordering, best_ordering_scratch, ordering_of_matches, ordering_of_matches_scratch};
pub use products::Similarity;
pub use superposition::{
    DEFAULT_PERCENTILES, Superposition, SuperpositionOut, SuperpositionParams, superposition,
    superposition_scratch,
};
pub use uniqueness::{
    feature_uniqueness, feature_uniqueness_scratch, uniqueness_of_matches, uniqueness_of_matches_scratch,
};
