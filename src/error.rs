//! What can be wrong with a call: one reason and the argument it concerns.
//!
//! Rust and C tell the same thing in two forms. Here an [`Error`] is a [`Reason`] and an [`Argument`]; across
//! the C ABI both travel in one integer, `reason + 256 * argument`, so a status needs no storage, no thread
//! local and no call order to be explained later. Numbers are part of the C ABI: they are never reused.

use core::fmt;

/// Defines a `u8` enum whose every variant has a fixed number and a text, readable back from the number.
macro_rules! numbered {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $number:literal, $text:literal;)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum $name { $($(#[$inner])* #[doc = $text] $variant = $number,)* }

        impl $name {
            /// Every value, in the order of its number.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The value with this number, if there is one.
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }

            /// The text, with a NUL at its end for C.
            pub(crate) const fn c_text(self) -> &'static core::ffi::CStr {
                let bytes: &'static [u8] = match self { $(Self::$variant => concat!($text, "\0").as_bytes(),)* };
                match core::ffi::CStr::from_bytes_with_nul(bytes) {
                    Ok(text) => text,
                    Err(_) => c"",
                }
            }

            /// The text.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

numbered! {
    /// Why a call was refused or stopped.
    Reason {
        NullPointer = 1, "is a null pointer";
        Empty = 2, "is zero or has no elements";
        Stride = 3, "has a row stride smaller than its number of columns";
        SizeOverflow = 4, "describes more bytes than the address space has";
        Misaligned = 5, "is not aligned as it must be";
        WorkspaceTooSmall = 6, "has fewer bytes than the workspace query gives";
        NotANumber = 7, "holds a NaN";
        Infinite = 8, "holds an infinity that is not allowed there";
        OutOfRange = 9, "is outside its range";
        Shape = 10, "does not have the size that the other arguments imply";
        Order = 11, "is not on the right side of the bound it is paired with";
        NotSymmetric = 12, "is not symmetric";
        DiagonalNotOne = 13, "does not have ones on its diagonal";
        NotPositiveDefinite = 14, "is not positive definite";
        Cycle = 15, "has a node that is its own ancestor";
        SecondParent = 16, "gives a node a second parent";
        IndexOutOfRange = 17, "holds an index outside its range";
        DuplicateIndex = 18, "holds an index twice";
        TooFewChildren = 19, "asks for exclusion among fewer than two children";
        UnknownValue = 20, "is not one of the values that this parameter has";
        StructSize = 21, "has a struct_size that this library does not know";
        Infeasible = 22, "admits no assignment of finite cost";
        Cancelled = 23, "asked to stop";
        Capacity = 24, "is too short for the result";
        Overlap = 25, "shares memory with another argument that is written";
        Diverged = 26, "led to a value that is not finite";
        NotConverged = 27, "is a matrix whose eigenvalues were not found";
        Unsorted = 28, "is not in increasing order";
        Internal = 29, "met a defect of the library";
        Unsupported = 30, "is not part of this build";
        Unreadable = 31, "cannot be read";
        Unwritable = 32, "cannot be written";
        Malformed = 33, "is not in the format that it should have";
    }
}

numbered! {
    /// The argument that an error is about, named as in the C header.
    Argument {
        /// No argument in particular.
        Call = 0, "call";
        Rows = 1, "rows";
        Cols = 2, "cols";
        Stride = 3, "stride";
        Workspace = 4, "workspace";
        Params = 5, "params";
        Out = 6, "out";
        Matrix = 7, "matrix";
        Dictionary = 8, "dictionary";
        Bias = 9, "bias";
        Activations = 10, "activations";
        Probabilities = 11, "probabilities";
        Means = 12, "means";
        StdDevs = 13, "std_devs";
        Correlation = 14, "correlation";
        Factor = 15, "factor";
        Thresholds = 16, "thresholds";
        Pairs = 17, "pairs";
        DefaultCorrelation = 18, "default_correlation";
        Parents = 19, "parents";
        Features = 20, "features";
        Exclusive = 21, "exclusive";
        Nodes = 22, "nodes";
        RowOffsets = 23, "row_offsets";
        Columns = 24, "columns";
        Values = 25, "values";
        Capacity = 26, "capacity";
        Nnz = 27, "nnz";
        Hidden = 28, "hidden";
        Latents = 29, "latents";
        Decoded = 30, "decoded";
        Costs = 31, "costs";
        RowToCol = 32, "row_to_col";
        ColToRow = 33, "col_to_row";
        RowDuals = 34, "row_duals";
        ColDuals = 35, "col_duals";
        Objective = 36, "objective";
        A = 37, "a";
        B = 38, "b";
        Mcc = 39, "mcc";
        Ordering = 40, "ordering";
        Counts = 41, "counts";
        Sums = 42, "sums";
        Metrics = 43, "metrics";
        Encoder = 44, "encoder";
        EncoderBias = 45, "encoder_bias";
        Decoder = 46, "decoder";
        DecoderBias = 47, "decoder_bias";
        Sae = 48, "sae";
        Moments = 49, "moments";
        Step = 50, "step";
        Report = 51, "report";
        Generator = 52, "generator";
        Modifiers = 53, "modifiers";
        Encode = 54, "encode";
        Decode = 55, "decode";
        Samples = 56, "samples";
        Batch = 57, "batch";
        Progress = 58, "progress";
        Bytes = 59, "bytes";
        Align = 60, "align";
        StructSize = 61, "struct_size";
        Exponent = 62, "exponent";
        MaxProbability = 63, "max_probability";
        MinProbability = 64, "min_probability";
        Source = 65, "source";
        TargetCosine = 66, "target_cosine";
        Steps = 67, "steps";
        LearningRate = 68, "learning_rate";
        PositiveRatio = 69, "positive_ratio";
        UncorrelatedRatio = 70, "uncorrelated_ratio";
        MinStrength = 71, "min_strength";
        MaxStrength = 72, "max_strength";
        Sense = 73, "sense";
        NoiseLevel = 74, "noise_level";
        L1Coefficient = 75, "l1_coefficient";
        Beta1 = 76, "beta1";
        Beta2 = 77, "beta2";
        Epsilon = 78, "epsilon";
        WarmUpSteps = 79, "warm_up_steps";
        DecaySteps = 80, "decay_steps";
        TotalSteps = 81, "total_steps";
        FirstRow = 82, "first_row";
        OtherCounts = 83, "other_counts";
        OtherSums = 84, "other_sums";
        SubtractDecoderBias = 85, "subtract_decoder_bias";
        Seed = 86, "seed";
        Similarities = 87, "similarities";
        Count = 88, "count";
        Index = 89, "index";
        Threads = 90, "threads";
        Firing = 91, "firing";
        Certificate = 92, "certificate";
        InitialColDuals = 93, "initial_col_duals";
        BestOfRows = 94, "best_of_rows";
        BestOfCols = 95, "best_of_cols";
        Similarity = 96, "similarity";
        Total = 97, "total";
        Objectives = 98, "objectives";
        Tolerance = 99, "tolerance";
        Rounds = 100, "rounds";
        GreatestExponent = 101, "greatest_exponent";
        Plan = 105, "plan";
        CumulativeHazards = 106, "cumulative_hazards";
        Guide = 107, "guide";
        Frequent = 108, "frequent";
        FrequentProbabilities = 109, "frequent_probabilities";
        GuideLen = 110, "guide_len";
        FrequentLen = 111, "frequent_len";
        State = 113, "state";
        Frame = 114, "frame";
        RowSum = 115, "row_sum";
        NextFrame = 116, "next_frame";
        NextRowSum = 117, "next_row_sum";
        Loss = 118, "loss";
        RelativeTolerance = 119, "relative_tolerance";
        Percentiles = 121, "percentiles";
        MaxOfVectors = 122, "max_of_vectors";
        PercentilesOfVectors = 123, "percentiles_of_vectors";
        MeanPercentiles = 124, "mean_percentiles";
        Superposition = 125, "superposition";
        Uniqueness = 126, "uniqueness";
        Mean = 127, "mean";
        Rms = 128, "rms";
        Start = 129, "start";
        End = 130, "end";
        StdDev = 131, "std_dev";
        MinMagnitude = 132, "min_magnitude";
        MaxMagnitude = 133, "max_magnitude";
        Scale = 134, "scale";
        Diagonal = 135, "diagonal";
        Capped = 136, "capped";
        Rank = 137, "rank";
        Modify = 138, "modify";
        Rates = 139, "rates";
        Compensation = 140, "compensation";
        Members = 141, "members";
        Ranks = 142, "ranks";
        GroupEnds = 143, "group_ends";
        Factors = 144, "factors";
        Independent = 145, "independent";
        Groups = 146, "groups";
        Lengths = 147, "lengths";
        Roots = 148, "roots";
        LeastBranching = 149, "least_branching";
        MostBranching = 150, "most_branching";
        Depth = 151, "depth";
        ExclusivePortion = 152, "exclusive_portion";
        ExclusiveMinDepth = 153, "exclusive_min_depth";
        ExclusiveMaxDepth = 154, "exclusive_max_depth";
        Unmet = 155, "unmet";
        HiddenGradient = 156, "hidden_gradient";
        Gradient = 157, "gradient";
        Path = 160, "path";
        Model = 161, "model";
        Config = 162, "config";
        Weights = 163, "weights";
        Hierarchy = 164, "hierarchy";
        Scaled = 166, "scaled";
        Shape = 167, "shape";
        Length = 168, "length";
    }
}

/// What was wrong with a call, and with which argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Error {
    /// Why the call was refused or stopped.
    pub reason: Reason,
    /// The argument concerned.
    pub argument: Argument,
}

impl Error {
    /// Pairs a reason with an argument.
    pub const fn new(reason: Reason, argument: Argument) -> Self {
        Self { reason, argument }
    }

    /// The status that stands for this error across the C ABI: `reason + 256 * argument`.
    pub const fn status(self) -> i32 {
        self.reason as i32 + 256 * self.argument as i32
    }

    /// The error that a status stands for; none for success and for numbers that no error has.
    pub const fn from_status(status: i32) -> Option<Self> {
        if status < 0 || status > 0xffff {
            return None;
        }
        match (Reason::from_number((status & 0xff) as u8), Argument::from_number((status >> 8) as u8)) {
            (Some(reason), Some(argument)) => Some(Self { reason, argument }),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.argument.text(), self.reason.text())
    }
}

impl core::error::Error for Error {}

/// Refuses with `reason` and `argument` unless `condition` holds.
pub(crate) fn ensure(condition: bool, reason: Reason, argument: Argument) -> Result<(), Error> {
    if condition { Ok(()) } else { Err(Error::new(reason, argument)) }
}

/// Refuses a NaN, then an infinity.
pub(crate) fn ensure_finite(value: f64, argument: Argument) -> Result<(), Error> {
    ensure(!value.is_nan(), Reason::NotANumber, argument)?;
    ensure(value.is_finite(), Reason::Infinite, argument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_survives_the_trip_through_a_status() {
        for &reason in Reason::ALL {
            for &argument in Argument::ALL {
                let error = Error::new(reason, argument);
                assert_eq!(Error::from_status(error.status()), Some(error));
            }
        }
        assert_eq!(Error::from_status(0), None);
        assert_eq!(Error::from_status(-1), None);
        assert_eq!(Error::from_status(i32::MAX), None);
    }

    #[test]
    fn texts_are_whole_and_distinct() {
        for (i, a) in Reason::ALL.iter().enumerate() {
            assert_eq!(a.c_text().to_str().unwrap(), a.text());
            assert!(Reason::ALL[i + 1..].iter().all(|b| b.text() != a.text()));
        }
        for (i, a) in Argument::ALL.iter().enumerate() {
            assert!(Argument::ALL[i + 1..].iter().all(|b| b.text() != a.text()));
        }
    }
}
