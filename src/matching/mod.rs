//! Two dictionaries side by side: how alike their vectors are, which belongs to which, and how to draw that.
//!
//! - [`cosine_similarities`]: the cosine of every vector of one with every vector of the other, for heat maps;
//! - [`mcc`]: the mean correlation coefficient, one number for how well one recovers the other;
//! - [`best_ordering`]: the order of latents that puts each near the feature it resembles most.
//!
//! The definitions are those of sae-lens (`sae_lens.synthetic`). A vector's direction is the vector divided by
//! its norm, the norm taken as 1e-8 where it is less, so that a zero vector has cosine 0 with everything.

mod correlation;
mod cosine;
mod matched;
mod ordering;
mod products;
mod unit_rows;

pub use correlation::{mcc, mcc_scratch};
pub use cosine::{cosine_similarities, cosine_similarities_scratch};
pub use matched::{MatchOut, MatchParams, match_dictionaries, match_dictionaries_scratch, verify_matching};
pub use ordering::{best_ordering, best_ordering_scratch};
pub use products::Similarity;
