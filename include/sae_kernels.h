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

#ifndef SAE_KERNELS_H
#define SAE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/** The version of this header, major * 1000000 + minor * 1000 + patch; saek_version() gives the library's. */
#define SAEK_VERSION 1000

/** The version of the ABI that this header describes; saek_abi_version() gives the library's. */
#define SAEK_ABI_VERSION 1

/** Success. */
#define SAEK_STATUS_OK 0

/** The reason in a status: 0 or one of the SAEK_STATUS_ numbers below. */
#define SAEK_STATUS_REASON(status) ((status) & 0xff)

/** The argument in a status: one of the SAEK_ARGUMENT_ numbers below. */
#define SAEK_STATUS_ARGUMENT(status) (((status) >> 8) & 0xff)

/** The status that stands for a reason and an argument. */
#define SAEK_STATUS(reason, argument) ((reason) + 256 * (argument))

/* Reasons: the argument ... */
#define SAEK_STATUS_NULL_POINTER              1 /**< is a null pointer */
#define SAEK_STATUS_EMPTY                     2 /**< is zero or has no elements */
#define SAEK_STATUS_STRIDE                    3 /**< has a row stride smaller than its number of columns */
#define SAEK_STATUS_SIZE_OVERFLOW             4 /**< describes more bytes than the address space has */
#define SAEK_STATUS_MISALIGNED                5 /**< is not aligned as it must be */
#define SAEK_STATUS_WORKSPACE_TOO_SMALL       6 /**< has fewer bytes than the workspace query gives */
#define SAEK_STATUS_NOT_A_NUMBER              7 /**< holds a NaN */
#define SAEK_STATUS_INFINITE                  8 /**< holds an infinity that is not allowed there */
#define SAEK_STATUS_OUT_OF_RANGE              9 /**< is outside its range */
#define SAEK_STATUS_SHAPE                    10 /**< does not have the size that the other arguments imply */
#define SAEK_STATUS_ORDER                    11 /**< is not on the right side of the bound it is paired with */
#define SAEK_STATUS_NOT_SYMMETRIC            12 /**< is not symmetric */
#define SAEK_STATUS_DIAGONAL_NOT_ONE         13 /**< does not have ones on its diagonal */
#define SAEK_STATUS_NOT_POSITIVE_DEFINITE    14 /**< is not positive definite */
#define SAEK_STATUS_CYCLE                    15 /**< has a node that is its own ancestor */
#define SAEK_STATUS_SECOND_PARENT            16 /**< gives a node a second parent */
#define SAEK_STATUS_INDEX_OUT_OF_RANGE       17 /**< holds an index outside its range */
#define SAEK_STATUS_DUPLICATE_INDEX          18 /**< holds an index twice */
#define SAEK_STATUS_TOO_FEW_CHILDREN         19 /**< asks for exclusion among fewer than two children */
#define SAEK_STATUS_UNKNOWN_VALUE            20 /**< is not one of the values that this parameter has */
#define SAEK_STATUS_STRUCT_SIZE              21 /**< has a struct_size that this library does not know */
#define SAEK_STATUS_INFEASIBLE               22 /**< admits no assignment of finite cost */
#define SAEK_STATUS_CANCELLED                23 /**< asked to stop */
#define SAEK_STATUS_CAPACITY                 24 /**< is too short for the result */
#define SAEK_STATUS_OVERLAP                  25 /**< shares memory with another argument that is written */
#define SAEK_STATUS_DIVERGED                 26 /**< led to a value that is not finite */
#define SAEK_STATUS_NOT_CONVERGED            27 /**< is a matrix whose eigenvalues were not found */
#define SAEK_STATUS_UNSORTED                 28 /**< is not in increasing order */
#define SAEK_STATUS_INTERNAL                 29 /**< met a defect of the library */
#define SAEK_STATUS_UNSUPPORTED              30 /**< is not part of this build */
#define SAEK_STATUS_UNREADABLE               31 /**< cannot be read */
#define SAEK_STATUS_UNWRITABLE               32 /**< cannot be written */
#define SAEK_STATUS_MALFORMED                33 /**< is not in the format that it should have */

/* Arguments, as they are named in the declarations below. */
#define SAEK_ARGUMENT_CALL                    0 /**< no argument in particular */
#define SAEK_ARGUMENT_ROWS                    1
#define SAEK_ARGUMENT_COLS                    2
#define SAEK_ARGUMENT_STRIDE                  3
#define SAEK_ARGUMENT_WORKSPACE               4
#define SAEK_ARGUMENT_PARAMS                  5
#define SAEK_ARGUMENT_OUT                     6
#define SAEK_ARGUMENT_MATRIX                  7
#define SAEK_ARGUMENT_DICTIONARY              8
#define SAEK_ARGUMENT_BIAS                    9
#define SAEK_ARGUMENT_ACTIVATIONS            10
#define SAEK_ARGUMENT_PROBABILITIES          11
#define SAEK_ARGUMENT_MEANS                  12
#define SAEK_ARGUMENT_STD_DEVS               13
#define SAEK_ARGUMENT_CORRELATION            14
#define SAEK_ARGUMENT_FACTOR                 15
#define SAEK_ARGUMENT_THRESHOLDS             16
#define SAEK_ARGUMENT_PAIRS                  17
#define SAEK_ARGUMENT_DEFAULT_CORRELATION    18
#define SAEK_ARGUMENT_PARENTS                19
#define SAEK_ARGUMENT_FEATURES               20
#define SAEK_ARGUMENT_EXCLUSIVE              21
#define SAEK_ARGUMENT_NODES                  22
#define SAEK_ARGUMENT_ROW_OFFSETS            23
#define SAEK_ARGUMENT_COLUMNS                24
#define SAEK_ARGUMENT_VALUES                 25
#define SAEK_ARGUMENT_CAPACITY               26
#define SAEK_ARGUMENT_NNZ                    27
#define SAEK_ARGUMENT_HIDDEN                 28
#define SAEK_ARGUMENT_LATENTS                29
#define SAEK_ARGUMENT_DECODED                30
#define SAEK_ARGUMENT_COSTS                  31
#define SAEK_ARGUMENT_ROW_TO_COL             32
#define SAEK_ARGUMENT_COL_TO_ROW             33
#define SAEK_ARGUMENT_ROW_DUALS              34
#define SAEK_ARGUMENT_COL_DUALS              35
#define SAEK_ARGUMENT_OBJECTIVE              36
#define SAEK_ARGUMENT_A                      37
#define SAEK_ARGUMENT_B                      38
#define SAEK_ARGUMENT_MCC                    39
#define SAEK_ARGUMENT_ORDERING               40
#define SAEK_ARGUMENT_COUNTS                 41
#define SAEK_ARGUMENT_SUMS                   42
#define SAEK_ARGUMENT_METRICS                43
#define SAEK_ARGUMENT_ENCODER                44
#define SAEK_ARGUMENT_ENCODER_BIAS           45
#define SAEK_ARGUMENT_DECODER                46
#define SAEK_ARGUMENT_DECODER_BIAS           47
#define SAEK_ARGUMENT_SAE                    48
#define SAEK_ARGUMENT_MOMENTS                49
#define SAEK_ARGUMENT_STEP                   50
#define SAEK_ARGUMENT_REPORT                 51
#define SAEK_ARGUMENT_GENERATOR              52
#define SAEK_ARGUMENT_MODIFIERS              53
#define SAEK_ARGUMENT_ENCODE                 54
#define SAEK_ARGUMENT_DECODE                 55
#define SAEK_ARGUMENT_SAMPLES                56
#define SAEK_ARGUMENT_BATCH                  57
#define SAEK_ARGUMENT_PROGRESS               58
#define SAEK_ARGUMENT_BYTES                  59
#define SAEK_ARGUMENT_ALIGN                  60
#define SAEK_ARGUMENT_STRUCT_SIZE            61
#define SAEK_ARGUMENT_EXPONENT               62
#define SAEK_ARGUMENT_MAX_PROBABILITY        63
#define SAEK_ARGUMENT_MIN_PROBABILITY        64
#define SAEK_ARGUMENT_SOURCE                 65
#define SAEK_ARGUMENT_TARGET_COSINE          66
#define SAEK_ARGUMENT_STEPS                  67
#define SAEK_ARGUMENT_LEARNING_RATE          68
#define SAEK_ARGUMENT_POSITIVE_RATIO         69
#define SAEK_ARGUMENT_UNCORRELATED_RATIO     70
#define SAEK_ARGUMENT_MIN_STRENGTH           71
#define SAEK_ARGUMENT_MAX_STRENGTH           72
#define SAEK_ARGUMENT_SENSE                  73
#define SAEK_ARGUMENT_NOISE_LEVEL            74
#define SAEK_ARGUMENT_L1_COEFFICIENT         75
#define SAEK_ARGUMENT_BETA1                  76
#define SAEK_ARGUMENT_BETA2                  77
#define SAEK_ARGUMENT_EPSILON                78
#define SAEK_ARGUMENT_WARM_UP_STEPS          79
#define SAEK_ARGUMENT_DECAY_STEPS            80
#define SAEK_ARGUMENT_TOTAL_STEPS            81
#define SAEK_ARGUMENT_FIRST_ROW              82
#define SAEK_ARGUMENT_OTHER_COUNTS           83
#define SAEK_ARGUMENT_OTHER_SUMS             84
#define SAEK_ARGUMENT_SUBTRACT_DECODER_BIAS  85
#define SAEK_ARGUMENT_SEED                   86
#define SAEK_ARGUMENT_SIMILARITIES           87
#define SAEK_ARGUMENT_COUNT                  88
#define SAEK_ARGUMENT_INDEX                  89
#define SAEK_ARGUMENT_THREADS                90
#define SAEK_ARGUMENT_FIRING                 91
#define SAEK_ARGUMENT_CERTIFICATE            92
#define SAEK_ARGUMENT_INITIAL_COL_DUALS      93
#define SAEK_ARGUMENT_BEST_OF_ROWS           94
#define SAEK_ARGUMENT_BEST_OF_COLS           95
#define SAEK_ARGUMENT_SIMILARITY             96
#define SAEK_ARGUMENT_TOTAL                  97
#define SAEK_ARGUMENT_OBJECTIVES             98
#define SAEK_ARGUMENT_TOLERANCE              99
#define SAEK_ARGUMENT_ROUNDS                 100
#define SAEK_ARGUMENT_GREATEST_EXPONENT      101
#define SAEK_ARGUMENT_PLAN                   105
#define SAEK_ARGUMENT_CUMULATIVE_HAZARDS     106
#define SAEK_ARGUMENT_GUIDE                  107
#define SAEK_ARGUMENT_FREQUENT               108
#define SAEK_ARGUMENT_FREQUENT_PROBABILITIES 109
#define SAEK_ARGUMENT_GUIDE_LEN              110
#define SAEK_ARGUMENT_FREQUENT_LEN           111
#define SAEK_ARGUMENT_STATE                  113
#define SAEK_ARGUMENT_FRAME                  114
#define SAEK_ARGUMENT_ROW_SUM                115
#define SAEK_ARGUMENT_NEXT_FRAME             116
#define SAEK_ARGUMENT_NEXT_ROW_SUM           117
#define SAEK_ARGUMENT_LOSS                   118
#define SAEK_ARGUMENT_RELATIVE_TOLERANCE     119
#define SAEK_ARGUMENT_PERCENTILES            121
#define SAEK_ARGUMENT_MAX_OF_VECTORS         122
#define SAEK_ARGUMENT_PERCENTILES_OF_VECTORS 123
#define SAEK_ARGUMENT_MEAN_PERCENTILES       124
#define SAEK_ARGUMENT_SUPERPOSITION          125
#define SAEK_ARGUMENT_UNIQUENESS             126
#define SAEK_ARGUMENT_MEAN                   127
#define SAEK_ARGUMENT_RMS                    128
#define SAEK_ARGUMENT_START                  129
#define SAEK_ARGUMENT_END                    130
#define SAEK_ARGUMENT_STD_DEV                131
#define SAEK_ARGUMENT_MIN_MAGNITUDE          132
#define SAEK_ARGUMENT_MAX_MAGNITUDE          133
#define SAEK_ARGUMENT_SCALE                  134
#define SAEK_ARGUMENT_DIAGONAL               135
#define SAEK_ARGUMENT_CAPPED                 136
#define SAEK_ARGUMENT_RANK                   137
#define SAEK_ARGUMENT_MODIFY                 138
#define SAEK_ARGUMENT_RATES                  139
#define SAEK_ARGUMENT_COMPENSATION           140
#define SAEK_ARGUMENT_MEMBERS                141
#define SAEK_ARGUMENT_RANKS                  142
#define SAEK_ARGUMENT_GROUP_ENDS             143
#define SAEK_ARGUMENT_FACTORS                144
#define SAEK_ARGUMENT_INDEPENDENT            145
#define SAEK_ARGUMENT_GROUPS                 146
#define SAEK_ARGUMENT_LENGTHS                147
#define SAEK_ARGUMENT_ROOTS                  148
#define SAEK_ARGUMENT_LEAST_BRANCHING        149
#define SAEK_ARGUMENT_MOST_BRANCHING         150
#define SAEK_ARGUMENT_DEPTH                  151
#define SAEK_ARGUMENT_EXCLUSIVE_PORTION      152
#define SAEK_ARGUMENT_EXCLUSIVE_MIN_DEPTH    153
#define SAEK_ARGUMENT_EXCLUSIVE_MAX_DEPTH    154
#define SAEK_ARGUMENT_UNMET                  155
#define SAEK_ARGUMENT_HIDDEN_GRADIENT        156
#define SAEK_ARGUMENT_GRADIENT               157
#define SAEK_ARGUMENT_PATH                   160
#define SAEK_ARGUMENT_MODEL                  161
#define SAEK_ARGUMENT_CONFIG                 162
#define SAEK_ARGUMENT_WEIGHTS                163
#define SAEK_ARGUMENT_HIERARCHY              164
#define SAEK_ARGUMENT_SCALED                 166
#define SAEK_ARGUMENT_SHAPE                  167
#define SAEK_ARGUMENT_LENGTH                 168

/** A `sense`: the sum of the matched costs is to be least; +infinity forbids a pair. */
#define SAEK_SENSE_MINIMISE 0

/** A `sense`: the sum of the matched costs is to be greatest; -infinity forbids a pair. */
#define SAEK_SENSE_MAXIMISE 1

/** Rates are compensated exactly. */
#define SAEK_COMPENSATION_EXACT 0

/** Rates are compensated as sae-lens does it. */
#define SAEK_COMPENSATION_APPROXIMATE 1

/** A modifier that silences children of silent parents and keeps one of exclusive children. */
#define SAEK_MODIFIER_HIERARCHY 0

/** A modifier that is a function of the caller's. */
#define SAEK_MODIFIER_CALLBACK 1

/** A modifier as SAEK_MODIFIER_HIERARCHY, whose forest has been planned; it may scale children too. */
#define SAEK_MODIFIER_PLANNED_HIERARCHY 2

/** Stands for "none" in an array of indices: the parent of a root, the feature of a node that has none. */
#define SAEK_NONE UINT32_MAX

/** A `similarity`: |cos(a, b)|, for which a vector and its negative are the same. */
#define SAEK_SIMILARITY_ABSOLUTE_COSINE 0

/** A `similarity`: cos(a, b). */
#define SAEK_SIMILARITY_COSINE 1

/** Uniform numbers by this library's generator: feature i is a function of (seed, i). */
#define SAEK_SOURCE_PCG64 0

/**
 * Uniform numbers by PyTorch's CPU generator, seeded with the low 32 bits of the seed: the reference's bit for bit.
 */
#define SAEK_SOURCE_MT19937 1

/** `method` of a report: in closed form. */
#define SAEK_TIGHT_FRAME_DIRECT 0

/** `method` of a report: alternating projection. */
#define SAEK_TIGHT_FRAME_ALTERNATING_PROJECTION 1

/**
 * `method` of a report: alternating projection of the complement, and the polar factor of what is orthogonal to it.
 */
#define SAEK_TIGHT_FRAME_COMPLEMENT 2

/** `method` of a report: `saek_orthogonalise_f32` from what the projections gave. */
#define SAEK_TIGHT_FRAME_ADAM 3

/** A model that `saek_model_open` has read, until `saek_model_close`. */
typedef struct saek_model saek_model;

/**
 * What every call returns: `SAEK_STATUS_OK`, or `reason + 256 * argument` where reason is one of the
 * `SAEK_STATUS_...` numbers and argument one of the `SAEK_ARGUMENT_...` numbers.
 *
 * `saek_status_message` puts both into words; `SAEK_STATUS_REASON(status)` and `SAEK_STATUS_ARGUMENT(status)`
 * take them apart. Unless a function says otherwise, a call that fails has written nothing.
 */
typedef int32_t saek_status;

/**
 * How often and how strongly each feature fires: relu(mean + std_dev N(0, 1)) with its probability, else 0.
 *
 * Each array has one value a feature, or a single value for all of them. `saek_firing_f32_init` leaves the
 * probabilities to be set.
 */
typedef struct saek_firing_f32 {
    /** sizeof(saek_firing_f32); `saek_firing_f32_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Firing probabilities, in [0, 1]; 0 never fires, 1 always. */
    const float *probabilities;
    /** Length of `probabilities`: the number of features, or 1. */
    size_t probabilities_len;
    /** Means of the magnitude before the relu; NULL with length 0 means 1 for all. */
    const float *means;
    /** Length of `means`: the number of features, or 1; 0 where `means` is NULL. */
    size_t means_len;
    /** Standard deviations of the magnitude before the relu, >= 0; NULL with length 0 means 0 for all. */
    const float *std_devs;
    /** Length of `std_devs`: the number of features, or 1; 0 where `std_devs` is NULL. */
    size_t std_devs_len;
} saek_firing_f32;

/** As `saek_firing_f32`, in double precision. */
typedef struct saek_firing_f64 {
    /** sizeof(saek_firing_f64); `saek_firing_f64_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Firing probabilities, in [0, 1]; 0 never fires, 1 always. */
    const double *probabilities;
    /** Length of `probabilities`: the number of features, or 1. */
    size_t probabilities_len;
    /** Means of the magnitude before the relu; NULL with length 0 means 1 for all. */
    const double *means;
    /** Length of `means`: the number of features, or 1; 0 where `means` is NULL. */
    size_t means_len;
    /** Standard deviations of the magnitude before the relu, >= 0; NULL with length 0 means 0 for all. */
    const double *std_devs;
    /** Length of `std_devs`: the number of features, or 1; 0 where `std_devs` is NULL. */
    size_t std_devs_len;
} saek_firing_f64;

/** Parameters of `saek_assignment_f32` and `saek_assignment_f64`. */
typedef struct saek_assignment_params {
    /** sizeof(saek_assignment_params); `saek_assignment_params_init` sets it. */
    uint32_t struct_size;
    /** `SAEK_SENSE_MINIMISE`, the default, or `SAEK_SENSE_MAXIMISE`. */
    uint32_t sense;
    /**
     * Null, the default, or `cols` values: column duals to start from, such as those of a problem solved before
     * whose costs were much the same. Any give the optimum, near ones sooner; but rounding is relative to them where
     * they are larger than the costs. Used for square matrices, without effect on others.
     */
    const double *initial_col_duals;
} saek_assignment_params;

/**
 * What an assignment's duals prove, from `saek_verify_assignment_f32`, `saek_verify_matching_f32` and the same in
 * double precision.
 *
 * The assignment is within gap + max(rows, cols) * infeasibility of the optimum.
 */
typedef struct saek_certificate {
    /** sizeof(saek_certificate), set before the call; `saek_certificate_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The sum of the matched costs. */
    double objective;
    /** The sum of all duals; where infeasibility is 0, no assignment is better than this. */
    double dual_objective;
    /** objective - dual_objective when minimising, dual_objective - objective when maximising. */
    double gap;
    /** The largest violation of an inequality of the duals; 0 where all hold. */
    double infeasibility;
    /** The largest |cost - u - v| of a matched pair and |dual| of an unmatched row or column. */
    double slackness;
} saek_certificate;

/** Parameters of `saek_lower_coherence_f32` and `saek_lower_coherence_f64`. */
typedef struct saek_lower_coherence_params {
    /** sizeof(saek_lower_coherence_params); `saek_lower_coherence_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Steps of Adam. Default 400. */
    uint64_t steps;
    /** Step size of Adam at first, >= 0, in units of the root of 1/cols. Default 0.05. */
    double learning_rate;
    /** The last exponent p, a power of two from 4 to 1024. Default 256. */
    uint64_t greatest_exponent;
} saek_lower_coherence_params;

/** What `saek_lower_coherence_f32` and `saek_lower_coherence_f64` did. */
typedef struct saek_lower_coherence_report {
    /**
     * sizeof(saek_lower_coherence_report), set before the call; `saek_lower_coherence_report_init` sets it.
     */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The largest |cosine| of two rows as they were given. */
    double before;
    /** The largest |cosine| of two rows of the result. */
    double after;
    /** sqrt((n - d) / (d (n - 1))), below which no n rows of d columns are; 0 for n <= d. */
    double welch_bound;
    /** The step whose rows were kept, from 1; 0 where none was better than the rows as they were given. */
    uint64_t best_step;
} saek_lower_coherence_report;

/** What a long kernel tells its progress callback. */
typedef struct saek_progress {
    /** sizeof(saek_progress) as the library knows it; later fields come after those listed here. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Steps done, from 1 to `total`. */
    uint64_t step;
    /** Steps in all. */
    uint64_t total;
    /** The loss before this step's update, where the kernel has one; else 0. */
    double loss;
} saek_progress;

/**
 * Called by long kernels after each step; `context` is the pointer given beside it. A result other than 0 asks
 * the kernel to stop. It runs on the calling thread, and must not unwind through the library.
 */
typedef int (*saek_progress_callback)(void *context, const struct saek_progress *progress);

/** The correlation of two features. */
typedef struct saek_correlated_pair {
    /** The first feature, less than `j`. */
    uint32_t i;
    /** The second feature. */
    uint32_t j;
    /** Their correlation, in [-1, 1]. */
    double correlation;
} saek_correlated_pair;

/**
 * The lengths of the arrays of `saek_correlated_groups_f32` and `saek_correlated_groups_f64`; `saek_count_groups` sets
 * them.
 */
typedef struct saek_correlated_groups_lengths {
    /**
     * sizeof(saek_correlated_groups_lengths), set before the call; `saek_correlated_groups_lengths_init` sets it.
     */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /**
     * Features that are correlated with another one: the length of `members`, of `ranks` and of `thresholds`.
     */
    size_t members;
    /** Groups of them: the length of `group_ends`. */
    size_t groups;
    /** The length of `factors`: the sum of m (m + 1) / 2 over the groups, of m members each. */
    size_t factors;
    /** Members of the largest group; 0 where there is none. */
    size_t largest;
} saek_correlated_groups_lengths;

/**
 * Features correlated in groups, laid out once for any number of samples; the arrays are the caller's.
 *
 * Members of a group fire where z_i exceeds a threshold, z = L eps with independent standard normal eps; groups are
 * independent of each other. `saek_correlated_groups_f32_init` sets the size and leaves the rest to be set;
 * `saek_correlate_groups_f32` fills the arrays.
 */
typedef struct saek_correlated_groups_f32 {
    /** sizeof(saek_correlated_groups_f32); `saek_correlated_groups_f32_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The lengths of the arrays, as `saek_count_groups` gives them. Arrays of length 0 may be NULL. */
    const struct saek_correlated_groups_lengths *lengths;
    /** The features that are correlated with another one, in increasing order. */
    uint32_t *members;
    /** Group by group, the members' places in `members`. */
    uint32_t *ranks;
    /** The groups' ends in `ranks`. */
    uint32_t *group_ends;
    /** Group by group, the lower triangle of the factor L of its correlations L L^T, row by row. */
    float *factors;
    /** Group by group, the numbers that a member's normal variable must exceed for it to fire. */
    float *thresholds;
} saek_correlated_groups_f32;

/** As `saek_correlated_groups_f32`, in double precision. */
typedef struct saek_correlated_groups_f64 {
    /** sizeof(saek_correlated_groups_f64); `saek_correlated_groups_f64_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The lengths of the arrays, as `saek_count_groups` gives them. Arrays of length 0 may be NULL. */
    const struct saek_correlated_groups_lengths *lengths;
    /** The features that are correlated with another one, in increasing order. */
    uint32_t *members;
    /** Group by group, the members' places in `members`. */
    uint32_t *ranks;
    /** The groups' ends in `ranks`. */
    uint32_t *group_ends;
    /** Group by group, the lower triangle of the factor L of its correlations L L^T, row by row. */
    double *factors;
    /** Group by group, the numbers that a member's normal variable must exceed for it to fire. */
    double *thresholds;
} saek_correlated_groups_f64;

/** Parameters of `saek_random_correlations`. */
typedef struct saek_random_correlations_params {
    /** sizeof(saek_random_correlations_params); `saek_random_correlations_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Share of positive ones among the correlated pairs, in [0, 1]. Default 0.5. */
    double positive_ratio;
    /** Share of all pairs that get no correlation, in [0, 1]. Default 0.3. */
    double uncorrelated_ratio;
    /** Least absolute correlation, in [0, max_strength]. Default 0.1. */
    double min_strength;
    /** Greatest absolute correlation, in [min_strength, 1]. Default 0.8. */
    double max_strength;
    /** Seed. Default 0. */
    uint64_t seed;
} saek_random_correlations_params;

/** Parameters of `saek_orthogonalise_f32` and `saek_orthogonalise_f64`. */
typedef struct saek_orthogonalise_params {
    /** sizeof(saek_orthogonalise_params); `saek_orthogonalise_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The cosine that every two rows are drawn to, in [-1, 1]. Default 0. */
    double target_cosine;
    /** Steps of Adam. Default 200. Zero only normalises. */
    uint64_t steps;
    /** Step size of Adam, >= 0. Default 0.01. */
    double learning_rate;
} saek_orthogonalise_params;

/** Parameters of `saek_evaluate_f32` and `saek_evaluate_f64`. */
typedef struct saek_evaluate_params {
    /** sizeof(saek_evaluate_params); `saek_evaluate_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Samples to draw, >= 1. Default 100000. */
    uint64_t samples;
    /** Samples handled together, >= 1; the last batch may be smaller. Default 1024. */
    size_t batch;
    /** Number of the first sample. Default 0. */
    uint64_t first_row;
} saek_evaluate_params;

/**
 * A modifier of the caller's: changes `activations`, `rows` by `cols` with rows `stride` elements apart, in place.
 *
 * `first_row` is the number of the first sample; samples are functions of their number as long as the modifier looks
 * at each row alone. A result other than 0 breaks off. It runs on the calling thread, must not unwind through the
 * library, and must leave finite numbers.
 */
typedef int (*saek_modify_f32_callback)(void *context, uint64_t first_row, float *activations, size_t rows,
    size_t cols, size_t stride);

/** Something that changes activations after they were drawn. */
typedef struct saek_modifier_f32 {
    /** sizeof(saek_modifier_f32). */
    uint32_t struct_size;
    /** One of the `SAEK_MODIFIER_...` numbers. */
    uint32_t kind;
    /**
     * SAEK_MODIFIER_HIERARCHY: parent of each node, as `saek_hierarchy_validate` describes.
     * SAEK_MODIFIER_PLANNED_HIERARCHY: the plan that `saek_plan_hierarchy` has written for all features.
     * Else not looked at.
     */
    const uint32_t *parents;
    /** SAEK_MODIFIER_HIERARCHY: feature of each node. */
    const uint32_t *features;
    /** SAEK_MODIFIER_HIERARCHY: whether each node's children exclude each other. */
    const uint8_t *exclusive;
    /** SAEK_MODIFIER_HIERARCHY: number of nodes. SAEK_MODIFIER_PLANNED_HIERARCHY: length of the plan. */
    size_t nodes;
    /** SAEK_MODIFIER_CALLBACK: called with every batch; else not looked at. */
    saek_modify_f32_callback modify;
    /** SAEK_MODIFIER_CALLBACK: handed to `modify`. */
    void *context;
} saek_modifier_f32;

/**
 * A source of activations: which features fire, how strongly, and what modifiers do to them, in order.
 *
 * Activations are drawn as `saek_sample_independent_f32` does, or as `saek_sample_correlated_f32` where there is a
 * factor; then the modifiers are applied in order; then a relu.
 */
typedef struct saek_generator_f32 {
    /** sizeof(saek_generator_f32). */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Number of features, >= 1. */
    size_t features;
    /**
     * Probabilities, means and standard deviations. With a factor the probabilities are in the thresholds, and those
     * here are checked as pointers but not used.
     */
    const struct saek_firing_f32 *firing;
    /**
     * NULL for independent features; else the factor that `saek_correlation_factorise_f32` gave, features by features.
     */
    const float *factor;
    /** Elements from one row of `factor` to the next, >= features; not looked at where `factor` is NULL. */
    size_t factor_stride;
    /**
     * The thresholds that `saek_correlation_thresholds_f32` gave, `features` of them; not looked at where `factor` is
     * NULL.
     */
    const float *thresholds;
    /**
     * Pointers to the modifiers, in the order in which they are applied; may be NULL where there are none.
     */
    const struct saek_modifier_f32 *const *modifiers;
    /** Number of modifiers. */
    size_t modifiers_len;
    /** Seed of the random numbers. */
    uint64_t seed;
    /** Stream of the seed. */
    uint64_t stream;
} saek_generator_f32;

/**
 * Encodes a batch: reads `hidden`, `rows` by `cols`, and writes every element of `encoded`, `rows` by `latents`; rows
 * are hidden_stride and encoded_stride elements apart. A result other than 0 breaks off.
 *
 * It runs on the calling thread and must not unwind through the library.
 */
typedef int (*saek_encode_f32_callback)(void *context, const float *hidden, size_t rows, size_t cols,
    size_t hidden_stride, float *encoded, size_t latents, size_t encoded_stride);

/**
 * Decodes a batch: reads `encoded`, `rows` by `latents`, and writes every element of `decoded`, `rows` by `cols`; rows
 * are encoded_stride and decoded_stride elements apart. A result other than 0 breaks off.
 *
 * It runs on the calling thread and must not unwind through the library.
 */
typedef int (*saek_decode_f32_callback)(void *context, const float *encoded, size_t rows, size_t latents,
    size_t encoded_stride, float *decoded, size_t cols, size_t decoded_stride);

/** What an evaluation found. */
typedef struct saek_metrics {
    /** sizeof(saek_metrics), set before the call; `saek_metrics_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Samples seen. */
    uint64_t samples;
    /** Samples whose hidden vector was not zero; all but `true_l0` speak of these. */
    uint64_t kept;
    /** Mean number of active features a sample, over all samples. */
    double true_l0;
    /** Mean number of active latents a kept sample; 0 where none was kept. */
    double sae_l0;
    /** Latents active on no kept sample. */
    uint64_t dead_latents;
    /** Mean of |decoded| / max(|hidden|, 1e-8); 1 means no shrinkage. 0 where no sample was kept. */
    double shrinkage;
} saek_metrics;

/**
 * A modifier of the caller's: changes `activations`, `rows` by `cols` with rows `stride` elements apart, in place.
 *
 * `first_row` is the number of the first sample; samples are functions of their number as long as the modifier looks
 * at each row alone. A result other than 0 breaks off. It runs on the calling thread, must not unwind through the
 * library, and must leave finite numbers.
 */
typedef int (*saek_modify_f64_callback)(void *context, uint64_t first_row, double *activations, size_t rows,
    size_t cols, size_t stride);

/** Something that changes activations after they were drawn. */
typedef struct saek_modifier_f64 {
    /** sizeof(saek_modifier_f64). */
    uint32_t struct_size;
    /** One of the `SAEK_MODIFIER_...` numbers. */
    uint32_t kind;
    /**
     * SAEK_MODIFIER_HIERARCHY: parent of each node, as `saek_hierarchy_validate` describes.
     * SAEK_MODIFIER_PLANNED_HIERARCHY: the plan that `saek_plan_hierarchy` has written for all features.
     * Else not looked at.
     */
    const uint32_t *parents;
    /** SAEK_MODIFIER_HIERARCHY: feature of each node. */
    const uint32_t *features;
    /** SAEK_MODIFIER_HIERARCHY: whether each node's children exclude each other. */
    const uint8_t *exclusive;
    /** SAEK_MODIFIER_HIERARCHY: number of nodes. SAEK_MODIFIER_PLANNED_HIERARCHY: length of the plan. */
    size_t nodes;
    /** SAEK_MODIFIER_CALLBACK: called with every batch; else not looked at. */
    saek_modify_f64_callback modify;
    /** SAEK_MODIFIER_CALLBACK: handed to `modify`. */
    void *context;
} saek_modifier_f64;

/**
 * A source of activations: which features fire, how strongly, and what modifiers do to them, in order.
 *
 * Activations are drawn as `saek_sample_independent_f64` does, or as `saek_sample_correlated_f64` where there is a
 * factor; then the modifiers are applied in order; then a relu.
 */
typedef struct saek_generator_f64 {
    /** sizeof(saek_generator_f64). */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Number of features, >= 1. */
    size_t features;
    /**
     * Probabilities, means and standard deviations. With a factor the probabilities are in the thresholds, and those
     * here are checked as pointers but not used.
     */
    const struct saek_firing_f64 *firing;
    /**
     * NULL for independent features; else the factor that `saek_correlation_factorise_f64` gave, features by features.
     */
    const double *factor;
    /** Elements from one row of `factor` to the next, >= features; not looked at where `factor` is NULL. */
    size_t factor_stride;
    /**
     * The thresholds that `saek_correlation_thresholds_f64` gave, `features` of them; not looked at where `factor` is
     * NULL.
     */
    const double *thresholds;
    /**
     * Pointers to the modifiers, in the order in which they are applied; may be NULL where there are none.
     */
    const struct saek_modifier_f64 *const *modifiers;
    /** Number of modifiers. */
    size_t modifiers_len;
    /** Seed of the random numbers. */
    uint64_t seed;
    /** Stream of the seed. */
    uint64_t stream;
} saek_generator_f64;

/**
 * Encodes a batch: reads `hidden`, `rows` by `cols`, and writes every element of `encoded`, `rows` by `latents`; rows
 * are hidden_stride and encoded_stride elements apart. A result other than 0 breaks off.
 *
 * It runs on the calling thread and must not unwind through the library.
 */
typedef int (*saek_encode_f64_callback)(void *context, const double *hidden, size_t rows, size_t cols,
    size_t hidden_stride, double *encoded, size_t latents, size_t encoded_stride);

/**
 * Decodes a batch: reads `encoded`, `rows` by `latents`, and writes every element of `decoded`, `rows` by `cols`; rows
 * are encoded_stride and decoded_stride elements apart. A result other than 0 breaks off.
 *
 * It runs on the calling thread and must not unwind through the library.
 */
typedef int (*saek_decode_f64_callback)(void *context, const double *encoded, size_t rows, size_t latents,
    size_t encoded_stride, double *decoded, size_t cols, size_t decoded_stride);

/** Parameters of `saek_orthogonalise_apply_f32` and `saek_orthogonalise_apply_f64`. */
typedef struct saek_orthogonalise_apply_params {
    /** sizeof(saek_orthogonalise_apply_params); `saek_orthogonalise_apply_params_init` sets it. */
    uint32_t struct_size;
    /**
     * The most threads to work on; 0, the default, and 1 mean the calling thread alone. More are refused unless
     * the library was built with the feature parallel. The result does not depend on it.
     */
    uint32_t threads;
    /** The cosine that every two rows are drawn to, in [-1, 1]. Default 0. */
    double target_cosine;
    /** Step size of Adam, >= 0. Default 0.01. */
    double learning_rate;
} saek_orthogonalise_apply_params;

/** What `saek_generate_forest` makes. */
typedef struct saek_generated_forest {
    /** sizeof(saek_generated_forest); `saek_generated_forest_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Number of trees, >= 1. Default 100. */
    size_t roots;
    /** Least number of children of a node that has any, >= 2. Default 100. */
    uint32_t least_branching;
    /** Greatest number of them, >= least_branching. Default 100. */
    uint32_t most_branching;
    /** Levels below the roots, >= 1. Default 2. */
    uint32_t depth;
    /** 1 where activations of children are scaled by those of their parents, else 0. Default 0. */
    uint32_t scale_children;
    /**
     * Which part of the nodes with two or more children has children that exclude each other, in [0, 1], rounded down.
     * Default 0.
     */
    double exclusive_portion;
    /** The least depth of these nodes; roots have depth 0. Default 0. */
    uint32_t exclusive_min_depth;
    /** Their greatest depth, >= exclusive_min_depth. Default 2^32 - 1. */
    uint32_t exclusive_max_depth;
} saek_generated_forest;

/**
 * Firing probabilities, laid out once for any number of samples; the arrays are the caller's.
 *
 * Feature j with probability p_j <= 1/2 has the stretch [c_(j-1), c_j) of a line, as long as its hazard -ln(1 - p_j), and
 * fires where at least one of points with independent exponential gaps of mean 1 lies on it. Features with p_j > 1/2 are
 * in a list instead. `saek_firing_plan_init` sets the size and leaves the rest to be set; `saek_plan_firing_f32` or
 * `saek_plan_firing_f64` fills the arrays. A plan serves both precisions.
 */
typedef struct saek_firing_plan {
    /** sizeof(saek_firing_plan); `saek_firing_plan_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Number of features, in 1..2^32 - 1. */
    size_t features;
    /** The stretches' right ends c_j, `features` of them. */
    double *cumulative_hazards;
    /**
     * For each of `guide_len` equal parts of the line, the first feature whose stretch does not end before it.
     */
    uint32_t *guide;
    /** Length of `guide`, as `saek_firing_plan_lengths_f32` gives it. */
    size_t guide_len;
    /** The features with probabilities above 1/2; NULL where there are none. */
    uint32_t *frequent;
    /** Their probabilities; NULL where there are none. */
    double *frequent_probabilities;
    /** Length of `frequent` and of `frequent_probabilities`, as `saek_firing_plan_lengths_f32` gives it. */
    size_t frequent_len;
} saek_firing_plan;

/**
 * How strongly each feature fires, and a plan of how often: relu(mean + std_dev N(0, 1)) with its probability, else 0.
 *
 * Each array has one value a feature, or a single value for all of them. `saek_planned_firing_f32_init` leaves the plan
 * to be set.
 */
typedef struct saek_planned_firing_f32 {
    /** sizeof(saek_planned_firing_f32); `saek_planned_firing_f32_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The plan, filled by `saek_plan_firing_f32` or `saek_plan_firing_f64`. */
    const struct saek_firing_plan *plan;
    /** Means of the magnitude before the relu; NULL with length 0 means 1 for all. */
    const float *means;
    /** Length of `means`: the number of features, or 1; 0 where `means` is NULL. */
    size_t means_len;
    /** Standard deviations of the magnitude before the relu, >= 0; NULL with length 0 means 0 for all. */
    const float *std_devs;
    /** Length of `std_devs`: the number of features, or 1; 0 where `std_devs` is NULL. */
    size_t std_devs_len;
} saek_planned_firing_f32;

/** As `saek_planned_firing_f32`, in double precision. */
typedef struct saek_planned_firing_f64 {
    /** sizeof(saek_planned_firing_f64); `saek_planned_firing_f64_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The plan, filled by `saek_plan_firing_f32` or `saek_plan_firing_f64`. */
    const struct saek_firing_plan *plan;
    /** Means of the magnitude before the relu; NULL with length 0 means 1 for all. */
    const double *means;
    /** Length of `means`: the number of features, or 1; 0 where `means` is NULL. */
    size_t means_len;
    /** Standard deviations of the magnitude before the relu, >= 0; NULL with length 0 means 0 for all. */
    const double *std_devs;
    /** Length of `std_devs`: the number of features, or 1; 0 where `std_devs` is NULL. */
    size_t std_devs_len;
} saek_planned_firing_f64;

/** Parameters of `saek_folded_normal_magnitudes_f32` and `saek_folded_normal_magnitudes_f64`. */
typedef struct saek_folded_normal_params {
    /** sizeof(saek_folded_normal_params); `saek_folded_normal_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Mean of the normal numbers, finite. Default 0. */
    double mean;
    /** Their standard deviation, > 0; |mean| + 64 of it must be finite. Default 0.1. */
    double std_dev;
    /** Smaller magnitudes are raised to this, >= 0. Default 0, which none is below. */
    double min_magnitude;
    /** Larger magnitudes are lowered to this, > 0. Default infinity. */
    double max_magnitude;
    /** Seed. Default 0. */
    uint64_t seed;
} saek_folded_normal_params;

/**
 * Parameters of `saek_match_dictionaries_f32`, `saek_verify_matching_f32`, `saek_feature_uniqueness_f32` and the
 * same in double precision.
 */
typedef struct saek_match_params {
    /** sizeof(saek_match_params); `saek_match_params_init` sets it. */
    uint32_t struct_size;
    /** `SAEK_SIMILARITY_ABSOLUTE_COSINE`, the default, or `SAEK_SIMILARITY_COSINE`. */
    uint32_t similarity;
    /**
     * The most threads that compute products at a time; 0, the default, and 1 mean the calling thread alone.
     * More are refused unless the library was built with the feature parallel; they come from one pool,
     * which the process has from the first such call on. The result does not depend on it.
     */
    uint32_t threads;
} saek_match_params;

/** The sizes of a model, from `saek_model_shape`. */
typedef struct saek_model_sizes {
    /** sizeof(saek_model_sizes), set before the call; `saek_model_sizes_init` sets it. */
    uint32_t struct_size;
    /** 1 where some number of the bias is not 0, else 0. */
    uint32_t has_bias;
    /** The number of features, rows of the dictionary. */
    uint64_t rows;
    /** The length of a hidden vector, columns of the dictionary. */
    uint64_t cols;
    /** The rank of the correlations; 0 where features do not correlate. */
    uint64_t rank;
    /** The nodes of the hierarchy; 0 where there is none. */
    uint64_t nodes;
    /** The bytes of the configuration's JSON, without a NUL. */
    uint64_t config_bytes;
} saek_model_sizes;

/**
 * A change of the caller's to a row of a sparse batch: may change `count` activations in `values`, of the features in
 * `columns`.
 *
 * `row` is the number of the row; samples are functions of their number as long as nothing else is looked at. A result
 * other than 0 breaks off. It runs on the calling thread, must not unwind through the library, and must leave finite
 * numbers.
 */
typedef int (*saek_modify_row_f32_callback)(void *context, uint64_t row, const uint32_t *columns,
    float *values, size_t count);

/**
 * A change of the caller's to a row of a sparse batch: may change `count` activations in `values`, of the features in
 * `columns`.
 *
 * `row` is the number of the row; samples are functions of their number as long as nothing else is looked at. A result
 * other than 0 breaks off. It runs on the calling thread, must not unwind through the library, and must leave finite
 * numbers.
 */
typedef int (*saek_modify_row_f64_callback)(void *context, uint64_t row, const uint32_t *columns,
    double *values, size_t count);

/** Parameters of `saek_orthogonalise_resume_f32` and `saek_orthogonalise_resume_f64`. */
typedef struct saek_orthogonalise_resume_params {
    /** sizeof(saek_orthogonalise_resume_params); `saek_orthogonalise_resume_params_init` sets it. */
    uint32_t struct_size;
    /**
     * The most threads to work on; 0, the default, and 1 mean the calling thread alone. More are refused unless
     * the library was built with the feature parallel. The result does not depend on it.
     */
    uint32_t threads;
    /** The cosine that every two rows are drawn to, in [-1, 1]. Default 0. */
    double target_cosine;
    /** The most steps of Adam that this call makes. Default 200. */
    uint64_t steps;
    /** Step size of Adam, >= 0. Default 0.01. */
    double learning_rate;
    /**
     * The descent has converged after a step whose loss L differs from that of the step before by at most
     * relative_tolerance L; >= 0. Default 0: never.
     */
    double relative_tolerance;
} saek_orthogonalise_resume_params;

/** What `saek_orthogonalise_resume_f32` keeps of a descent, besides rows and moments. */
typedef struct saek_orthogonalise_state {
    /** sizeof(saek_orthogonalise_state); `saek_orthogonalise_state_init` sets it. */
    uint32_t struct_size;
    /** 1 where the last call ended because the loss had ceased to change, else 0. Not read. */
    uint32_t converged;
    /** Steps done. */
    uint64_t step;
    /** The loss before the last of them; of no meaning where there is none. */
    double loss;
} saek_orthogonalise_state;

/**
 * The weights of a standard sparse autoencoder of m latents on d dimensions, in the caller's memory:
 * latents = relu((h - b_dec) W_enc + b_enc), decoded = latents W_dec + b_dec.
 *
 * Functions that take a pointer to a const struct read the weights; only `saek_sae_initialise_to_match_f32` and
 * `saek_sae_train_step_f32` write them. None writes the struct itself.
 */
typedef struct saek_sae_f32 {
    /** sizeof(saek_sae_f32); `saek_sae_f32_init` sets it. */
    uint32_t struct_size;
    /** 1 where b_dec is subtracted from what is encoded, 0 where it is not. */
    uint32_t subtract_decoder_bias;
    /** d, the number of dimensions. */
    size_t cols;
    /** m, the number of latents. */
    size_t latents;
    /** W_enc, d by m, row-major. */
    float *encoder;
    /** Elements from one row of `encoder` to the next, >= m. */
    size_t encoder_stride;
    /** b_enc, m numbers. */
    float *encoder_bias;
    /** W_dec, m by d, row-major: a latent's direction a row. */
    float *decoder;
    /** Elements from one row of `decoder` to the next, >= d. */
    size_t decoder_stride;
    /** b_dec, d numbers. */
    float *decoder_bias;
} saek_sae_f32;

/** As `saek_sae_f32`, in double precision. */
typedef struct saek_sae_f64 {
    /** sizeof(saek_sae_f64); `saek_sae_f64_init` sets it. */
    uint32_t struct_size;
    /** 1 where b_dec is subtracted from what is encoded, 0 where it is not. */
    uint32_t subtract_decoder_bias;
    /** d, the number of dimensions. */
    size_t cols;
    /** m, the number of latents. */
    size_t latents;
    /** W_enc, d by m, row-major. */
    double *encoder;
    /** Elements from one row of `encoder` to the next, >= m. */
    size_t encoder_stride;
    /** b_enc, m numbers. */
    double *encoder_bias;
    /** W_dec, m by d, row-major: a latent's direction a row. */
    double *decoder;
    /** Elements from one row of `decoder` to the next, >= d. */
    size_t decoder_stride;
    /** b_dec, d numbers. */
    double *decoder_bias;
} saek_sae_f64;

/** Parameters of `saek_zipfian_f32` and `saek_zipfian_f64`. */
typedef struct saek_zipfian_params {
    /** sizeof(saek_zipfian_params); `saek_zipfian_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Power of the rank, > 0; larger falls faster. Default 1. */
    double exponent;
    /** Probability of the first feature, in (min_probability, 1]. Default 0.3. */
    double max_probability;
    /** Probability of the last feature, > 0. Default 0.01. */
    double min_probability;
} saek_zipfian_params;

/** Parameters of `saek_linear_f32` and `saek_linear_f64`. */
typedef struct saek_linear_params {
    /** sizeof(saek_linear_params); `saek_linear_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Probability of the first feature, in [min_probability, 1]. Default 0.3. */
    double max_probability;
    /** Probability of the last feature, > 0. Default 0.01. */
    double min_probability;
} saek_linear_params;

/** Parameters of `saek_random_f32` and `saek_random_f64`. */
typedef struct saek_random_params {
    /** sizeof(saek_random_params); `saek_random_params_init` sets it. */
    uint32_t struct_size;
    /** One of the `SAEK_SOURCE_...` numbers. Default `SAEK_SOURCE_PCG64`. */
    uint32_t source;
    /** Upper end of the range, in (min_probability, 1]. Default 0.5. */
    double max_probability;
    /** Lower end of the range, > 0. Default 0.01. */
    double min_probability;
    /** Seed. Default 0. */
    uint64_t seed;
} saek_random_params;

/** Parameters of `saek_superposition_f32` and `saek_superposition_f64`. */
typedef struct saek_superposition_params {
    /** sizeof(saek_superposition_params); `saek_superposition_params_init` sets it. */
    uint32_t struct_size;
    /**
     * The most threads; 0, the default, and 1 mean the calling thread alone. More are refused unless the library
     * was built with the feature parallel; they come from one pool, which the process has from the first such
     * call on. The result does not depend on it.
     */
    uint32_t threads;
} saek_superposition_params;

/**
 * The statistics of all pairs of vectors of a dictionary, from `saek_superposition_f32` and
 * `saek_superposition_f64`.
 */
typedef struct saek_superposition {
    /** sizeof(saek_superposition), set before the call; `saek_superposition_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The mean over all vectors of the greatest |cos| with another. */
    double mean_max;
    /** The mean of |cos| over all pairs. */
    double mean_absolute;
    /** The root of the mean of cos^2 over all pairs. */
    double rms;
    /** The sum of cos^2 over all ordered pairs i != j; for unit vectors at least rows^2 / cols - rows. */
    double frame_potential;
    /** The greatest |cos| of a pair. */
    double coherence;
    /**
     * The least coherence that so many unit vectors can have by Welch's bound: the root of
     * (rows - cols) / (cols (rows - 1)), 0 where rows <= cols.
     */
    double welch_bound;
} saek_superposition;

/** Parameters of `saek_tight_frame_f32` and `saek_tight_frame_f64`. */
typedef struct saek_tight_frame_params {
    /** sizeof(saek_tight_frame_params); `saek_tight_frame_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** The cosine t that every two rows are to have as nearly as can be, in [-1, 1]. Default 0. */
    double target_cosine;
    /** Rounds of the alternating projection at most, > 0. Default 200; 4 to 12 are usual. */
    uint64_t rounds;
    /** The relative distance to the floor at which it stops, >= 0. Default 1e-12. */
    double tolerance;
} saek_tight_frame_params;

/** What `saek_tight_frame_f32` and `saek_tight_frame_f64` did. */
typedef struct saek_tight_frame_report {
    /** sizeof(saek_tight_frame_report), set before the call; `saek_tight_frame_report_init` sets it. */
    uint32_t struct_size;
    /** Which way was taken, one of the SAEK_TIGHT_FRAME_ numbers. */
    uint32_t method;
    /** Rounds of the alternating projection; 0 for `SAEK_TIGHT_FRAME_DIRECT`. */
    uint64_t rounds;
    /** The least sum over i != j of (g_ij - t)^2 that any dictionary of this shape has. */
    double floor;
    /** (sum - floor) / floor of the result, or sum / n where the floor is 0. */
    double distance;
    /** 1 where rows or directions were missing and random ones put in their place, else 0. */
    uint32_t filled;
    /** Zero. */
    uint32_t reserved;
} saek_tight_frame_report;

/**
 * Parameters of `saek_sae_train_step_f32` and `saek_sae_train_step_f64`. Schedules are the caller's: each step has its
 * own values; see `saek_linear_warm_up_and_decay`.
 */
typedef struct saek_train_params {
    /** sizeof(saek_train_params); `saek_train_params_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** Step size of Adam, >= 0. Default 0.001. */
    double learning_rate;
    /** Decay of Adam's first moment, in [0, 1). Default 0.9. */
    double beta1;
    /** Decay of Adam's second moment, in [0, 1). Default 0.999. */
    double beta2;
    /** Added to the root of Adam's second moment, > 0. Default 1e-8. */
    double epsilon;
    /** Coefficient of the L1 penalty, >= 0. Default 0. */
    double l1_coefficient;
} saek_train_params;

/** What a batch gave before its update. */
typedef struct saek_train_report {
    /** sizeof(saek_train_report), set before the call; `saek_train_report_init` sets it. */
    uint32_t struct_size;
    /** Zero. */
    uint32_t reserved;
    /** mse + l1_coefficient * l1. */
    double loss;
    /** Mean over the batch of |decoded - hidden|^2, summed over dimensions. */
    double mse;
    /** Mean over the batch of the sum over latents i of latent_i |W_dec_i|. */
    double l1;
    /** Mean over the batch of the number of active latents. */
    double l0;
} saek_train_report;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The library's version as `major * 1000000 + minor * 1000 + patch`, to compare with `SAEK_VERSION` of the header.
 */
uint32_t saek_version(void);

/**
 * The version of the C ABI, to compare with `SAEK_ABI_VERSION` of the header.
 *
 * A program works with every library of the same ABI version whose `saek_version` is not older than the header's.
 */
uint32_t saek_abi_version(void);

/**
 * What the reason in `status` means, without the argument: "has a row stride smaller than its number of columns".
 *
 * The string is static; it is "unknown status" for a number that no function returns.
 */
const char *saek_status_string(saek_status status);

/**
 * The name of the argument in `status`, as in this header: "dictionary". Static; "" for success and unknown numbers.
 */
const char *saek_status_argument(saek_status status);

/**
 * Writes `status` in words, "dictionary has a row stride smaller than its number of columns", into
 * `buffer[capacity]`, cut to fit and always ended by a NUL.
 *
 * Returns NULL_POINTER or EMPTY for a buffer that cannot take even the NUL. 128 bytes hold every message.
 */
saek_status saek_status_message(saek_status status, char *buffer, size_t capacity);

/**
 * Fills `activations` with samples of independently firing features, one a row.
 *
 * x_rj = relu(mean_j + std_dev_j N(0, 1)) with probability p_j, else 0. Row r is sample first_row + r of the stream, a
 * function of (seed, stream, first_row + r) and `firing` alone, so that samples may be made in any parts.
 *
 * - `firing`: probabilities, means and standard deviations, of `cols` values or 1 each.
 * - `seed`, `stream`: name the random numbers.
 * - `first_row`: number of the first sample.
 * - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart, a feature a column; written.
 * - `stride`: >= cols.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW,
 * NOT_A_NUMBER, INFINITE (probabilities, means, std_devs); OUT_OF_RANGE (probabilities, std_devs); NULL_POINTER,
 * MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, OVERLAP (activations); SIZE_OVERFLOW (first_row) where the number of the
 * last sample would not fit into 64 bits.
 * Cost: a random word a feature and sample, a normal number a firing with a standard deviation > 0; no workspace. The
 * same on every platform. Probabilities are rounded up to multiples of 2^-53.
 * `saek_sample_independent_csr_f32` gives the same samples.
 */
saek_status saek_sample_independent_f32(const struct saek_firing_f32 *firing, uint64_t seed, uint64_t stream,
    uint64_t first_row, float *activations, size_t rows, size_t cols, size_t stride);

/**
 * As `saek_sample_independent_f32`, in double precision. The same features fire for the same probabilities.
 */
saek_status saek_sample_independent_f64(const struct saek_firing_f64 *firing, uint64_t seed, uint64_t stream,
    uint64_t first_row, double *activations, size_t rows, size_t cols, size_t stride);

/**
 * Writes samples of independently firing features in compressed sparse rows (CSR): what fires, without the zeros.
 *
 * The samples are those of `saek_sample_independent_f32`. The activations of row r are the elements row_offsets[r] to
 * row_offsets[r + 1] - 1 of `columns` and `values`, features in increasing order; what the relu makes zero is left out.
 *
 * - `firing`: probabilities, means and standard deviations, of `features` values or 1 each.
 * - `features`: number of features, in 1..2^32 - 1.
 * - `seed`, `stream`: name the random numbers.
 * - `first_row`: number of the first sample.
 * - `rows`: number of samples, >= 1.
 * - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
 * - `columns`, `values`: the features and the activations, `capacity` elements each, written as far as there are
 *   non-zeros. Either may be NULL where `capacity` is 0.
 * - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
 *   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
 *   been written. So a call with `capacity` 0 asks for the number, and rows * features always suffices.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW,
 * NOT_A_NUMBER, INFINITE (probabilities, means, std_devs); OUT_OF_RANGE (probabilities, std_devs); EMPTY, OUT_OF_RANGE
 * (features); EMPTY (rows); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (row_offsets, columns, values);
 * SIZE_OVERFLOW (first_row); CAPACITY (capacity).
 * Cost: as `saek_sample_independent_f32`, but writes only the non-zeros. The same on every platform.
 */
saek_status saek_sample_independent_csr_f32(const struct saek_firing_f32 *firing, size_t features,
    uint64_t seed, uint64_t stream, uint64_t first_row, size_t rows, int64_t *row_offsets, uint32_t *columns,
    float *values, size_t capacity);

/** As `saek_sample_independent_csr_f32`, in double precision. */
saek_status saek_sample_independent_csr_f64(const struct saek_firing_f64 *firing, size_t features,
    uint64_t seed, uint64_t stream, uint64_t first_row, size_t rows, int64_t *row_offsets, uint32_t *columns,
    double *values, size_t capacity);

/**
 * Writes the non-zeros of `activations` in compressed sparse rows (CSR).
 *
 * The non-zeros of row r are the elements row_offsets[r] to row_offsets[r + 1] - 1 of `columns` and `values`, columns
 * in increasing order.
 *
 * - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; cols < 2^32.
 * - `stride`: >= cols.
 * - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
 * - `columns`, `values`: `capacity` elements each, written as far as there are non-zeros. Either may be NULL where
 *   `capacity` is 0.
 * - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
 *   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
 *   been written. So a call with `capacity` 0 asks for the number.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (activations); OUT_OF_RANGE
 * (cols); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (row_offsets, columns, values); CAPACITY (capacity).
 * Cost: two passes over the matrix, no workspace. Exact.
 */
saek_status saek_csr_from_dense_f32(const float *activations, size_t rows, size_t cols, size_t stride,
    int64_t *row_offsets, uint32_t *columns, float *values, size_t capacity);

/** As `saek_csr_from_dense_f32`, in double precision. */
saek_status saek_csr_from_dense_f64(const double *activations, size_t rows, size_t cols, size_t stride,
    int64_t *row_offsets, uint32_t *columns, double *values, size_t capacity);

/** Fills `params` with the defaults. */
saek_status saek_assignment_params_init(struct saek_assignment_params *params);

/**
 * Solves the linear sum assignment problem of a rows by cols matrix: min(rows, cols) pairs, no two in a row or a
 * column, of the least or greatest sum of costs.
 *
 * The duals prove it: minimising, u_i + v_j <= c_ij for all pairs with equality for the matched ones, and, on the
 * longer side, duals <= 0 that are 0 where unmatched; maximising, all inequalities turned around. So
 * sum(u) + sum(v) is the objective, and no assignment is better. Path lengths and duals are double precision.
 *
 * - `costs`: element (i, j) at `costs[i * stride + j]`. +infinity (minimising) or -infinity (maximising) forbids a pair.
 * - `rows`, `cols`, `stride`: >= 1, stride >= cols, in elements.
 * - `params`: null for the defaults.
 * - `row_to_col`: `rows` indices, written: the column of each row, -1 for none.
 * - `col_to_row`: null, or `cols` indices, written: the row of each column, -1 for none.
 * - `row_duals`, `col_duals`: null, or `rows` and `cols` values, written: u and v.
 * - `objective`: one value, written: the sum of the matched costs.
 * - `workspace`, `workspace_bytes`: as `saek_assignment_f32_workspace` says for rows and cols.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (costs); WORKSPACE_TOO_SMALL
 * (workspace); STRUCT_SIZE (params); UNKNOWN_VALUE (sense); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
 * (initial_col_duals); for the costs NOT_A_NUMBER, INFINITE (an infinity that does not forbid), OUT_OF_RANGE (a finite
 * magnitude above DBL_MAX / (16 min(rows, cols))), INFEASIBLE (no full assignment without a forbidden pair).
 * Method: shortest augmenting paths (Jonker and Volgenant 1987, Crouse 2016) on short lists of each row's cheapest
 * columns, with bounds that stay valid because duals only fall; exact. Cost: usually one reading of the costs, and
 * one more for duals; at worst O(min^2 max), as for every such method. No recursion, no allocation. Deterministic.
 */
saek_status saek_assignment_f32(const float *costs, size_t rows, size_t cols, size_t stride,
    const struct saek_assignment_params *params, int64_t *row_to_col, int64_t *col_to_row, double *row_duals,
    double *col_duals, double *objective, void *workspace, size_t workspace_bytes);

/** As `saek_assignment_f32`, with double precision costs. */
saek_status saek_assignment_f64(const double *costs, size_t rows, size_t cols, size_t stride,
    const struct saek_assignment_params *params, int64_t *row_to_col, int64_t *col_to_row, double *row_duals,
    double *col_duals, double *objective, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_assignment_f32`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_assignment_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_assignment_f64`; as `saek_assignment_f32_workspace`.
 */
saek_status saek_assignment_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Solves `count` linear sum assignment problems of `rows` by `cols` costs each, which lie one below the other.
 *
 * Each as `saek_assignment_f32` solves it. For trackers, set-prediction losses and whoever has thousands of small
 * problems.
 *
 * - `costs`: element (i, j) of problem p at `costs[(p * rows + i) * stride + j]`.
 * - `count`, `rows`, `cols`, `stride`: >= 1, stride >= cols, in elements.
 * - `params`: null for the defaults. Initial duals are for single problems: null here.
 * - `threads`: among how many threads the problems are divided, 0 and 1 for the caller's alone; more need a library
 *   built with threads. The results do not depend on it.
 * - `row_to_col`: count * rows indices, written: row i of problem p at `row_to_col[p * rows + i]`, -1 for none.
 * - `objectives`: null, or `count` values, written: the sum of each problem's matched costs.
 * - `workspace`, `workspace_bytes`: as `saek_assignment_batch_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY (count,
    costs); STRIDE (costs);
 * WORKSPACE_TOO_SMALL (workspace); STRUCT_SIZE (params); UNKNOWN_VALUE (sense); OUT_OF_RANGE (initial_col_duals, not
 * null; threads); for the costs as `saek_assignment_f32`, that of the first problem with a fault.
 * Cost: that of the solves. No allocation with one thread. Deterministic.
 */
saek_status saek_assignment_batch_f32(const float *costs, size_t count, size_t rows, size_t cols,
    size_t stride, const struct saek_assignment_params *params, uint32_t threads, int64_t *row_to_col,
    double *objectives, void *workspace, size_t workspace_bytes);

/** As `saek_assignment_batch_f32`, with double precision costs. */
saek_status saek_assignment_batch_f64(const double *costs, size_t count, size_t rows, size_t cols,
    size_t stride, const struct saek_assignment_params *params, uint32_t threads, int64_t *row_to_col,
    double *objectives, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_assignment_batch_f32`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace); OUT_OF_RANGE (threads).
 */
saek_status saek_assignment_batch_f32_workspace(size_t count, size_t rows, size_t cols, uint32_t threads,
    size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_assignment_batch_f64`; as
 * `saek_assignment_batch_f32_workspace`.
 */
saek_status saek_assignment_batch_f64_workspace(size_t count, size_t rows, size_t cols, uint32_t threads,
    size_t *bytes, size_t *align);

/**
 * Sets the size of `certificate` and everything else to zero, as `saek_verify_assignment_f32` wants it.
 *
 * Status: NULL_POINTER, MISALIGNED (certificate).
 */
saek_status saek_certificate_init(struct saek_certificate *certificate);

/**
 * Measures an assignment of a rows by cols matrix and the duals, from any source, that are to prove it optimal.
 *
 * Minimising, and with n = max(rows, cols): the duals are feasible if u_i + v_j <= c_ij for every pair that is not
 * forbidden and, where rows and cols differ, those of the longer side are <= 0; infeasibility is the most by which
 * one of these fails. Every full assignment then costs at least dual_objective - n * infeasibility, so that
 * objective - optimum <= gap + n * infeasibility. For: each of its min(rows, cols) pairs costs u_i + v_j -
 * infeasibility or more, and each dual that it leaves out is at most infeasibility. Gap and infeasibility 0
 * prove an optimum. |gap| <= n * slackness, which is 0 if matched pairs have u_i + v_j = c_ij and unmatched lines
 * a dual of 0. Maximising, all inequalities are turned around, gap is dual_objective - objective, and
 * optimum - objective <= gap + n * infeasibility.
 *
 * Double precision. Infeasibility and slackness are right to two roundings and 0 only where they are 0 in the real
 * numbers; the sums are compensated, the gap as one of its own. Beyond the largest double they are infinite.
 *
 * - `costs`: element (i, j) at `costs[i * stride + j]`. +infinity (minimising) or -infinity (maximising) forbids a pair.
 * - `rows`, `cols`, `stride`: >= 1, stride >= cols, in elements.
 * - `sense`: `SAEK_SENSE_MINIMISE` or `SAEK_SENSE_MAXIMISE`.
 * - `row_to_col`: `rows` indices: the column of each row, -1 for none; min(rows, cols) rows have one.
 * - `row_duals`, `col_duals`: `rows` and `cols` values, u and v, of magnitude <= DBL_MAX / 2.
 * - `certificate`: its struct_size set before, as by `saek_certificate_init`; written.
 * - `workspace`, `workspace_bytes`: as `saek_verify_assignment_f32_workspace` says for cols.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (costs); STRUCT_SIZE
 * (certificate); WORKSPACE_TOO_SMALL (workspace); UNKNOWN_VALUE (sense); INDEX_OUT_OF_RANGE, DUPLICATE_INDEX, SHAPE (too
 * few rows matched), INFEASIBLE (a matched pair is forbidden) (row_to_col); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
 * (row_duals, col_duals); NOT_A_NUMBER, INFINITE (an infinity that does not forbid) (costs).
 * Cost: one pass over the costs; a byte a column. Deterministic.
 */
saek_status saek_verify_assignment_f32(const float *costs, size_t rows, size_t cols, size_t stride,
    uint32_t sense, const int64_t *row_to_col, const double *row_duals, const double *col_duals,
    struct saek_certificate *certificate, void *workspace, size_t workspace_bytes);

/** As `saek_verify_assignment_f32`, with double precision costs. */
saek_status saek_verify_assignment_f64(const double *costs, size_t rows, size_t cols, size_t stride,
    uint32_t sense, const int64_t *row_to_col, const double *row_duals, const double *col_duals,
    struct saek_certificate *certificate, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_verify_assignment_f32`; the number of rows is not
 * needed.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_verify_assignment_f32_workspace(size_t cols, size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_verify_assignment_f64`; as
 * `saek_verify_assignment_f32_workspace`.
 */
saek_status saek_verify_assignment_f64_workspace(size_t cols, size_t *bytes, size_t *align);

/**
 * Says how much workspace `saek_project_f32` needs for a batch: none where it goes non-zero by non-zero, else 256 rows
 * of the batch.
 *
 * - `rows`, `nnz`, `features`, `cols`: sizes of the batch, its number of non-zeros, which is row_offsets[rows], and the
 *   dimensions.
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_project_f32_workspace(size_t rows, size_t nnz, size_t features, size_t cols, size_t *bytes,
    size_t *align);

/** As `saek_project_f32_workspace`, for `saek_project_f64`. */
saek_status saek_project_f64_workspace(size_t rows, size_t nnz, size_t features, size_t cols, size_t *bytes,
    size_t *align);

/**
 * Projects a sparse batch in the cheaper way: hidden = activations dictionary + bias.
 *
 * As `saek_project_csr_f32`, to the bit, where less than 18 per cent of the batch is not zero, or 28 for a dictionary
 * of at most 16 MiB; else as `saek_project_dense_f32`.
 *
 * - All but the workspace: as for `saek_project_csr_f32`.
 * - `workspace`: as `saek_project_f32_workspace` says for row_offsets[rows] non-zeros; NULL where that is nothing.
 *
 * Status: those of `saek_project_csr_f32`; NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace).
 * Cost: that of the way taken, and of making the batch dense.
 */
saek_status saek_project_f32(const int64_t *row_offsets, const uint32_t *columns, const float *values,
    size_t nnz, size_t rows, size_t features, const float *dictionary, size_t dictionary_stride,
    const float *bias, float *hidden, size_t cols, size_t hidden_stride, void *workspace,
    size_t workspace_bytes);

/** As `saek_project_f32`, in double precision. */
saek_status saek_project_f64(const int64_t *row_offsets, const uint32_t *columns, const double *values,
    size_t nnz, size_t rows, size_t features, const double *dictionary, size_t dictionary_stride,
    const double *bias, double *hidden, size_t cols, size_t hidden_stride, void *workspace,
    size_t workspace_bytes);

/** Fills `params` with the defaults. */
saek_status saek_lower_coherence_params_init(struct saek_lower_coherence_params *params);

/**
 * Sets the size of `report` and everything else to zero, as `saek_lower_coherence_f32` wants it.
 *
 * Status: NULL_POINTER, MISALIGNED (report).
 */
saek_status saek_lower_coherence_report_init(struct saek_lower_coherence_report *report);

/**
 * Says how much workspace `saek_lower_coherence_f32` needs: 4 rows cols + 96 rows numbers; rows cols
 * + 4 rows^2 + 224 rows for rows <= cols.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_lower_coherence_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/** As `saek_lower_coherence_f32_workspace`, for `saek_lower_coherence_f64`. */
saek_status saek_lower_coherence_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Makes the rows of `dictionary` unit vectors whose largest |cosine| is low, starting from the given ones.
 *
 * For n rows and d < n columns it is at least the Welch bound sqrt((n - d) / (d (n - 1))), and mostly more. Minimised is
 * log sum over i < j of |g_ij|^p, g = E E^T, p = 4, 8, ..., params->greatest_exponent, by Adam along the sphere, each p
 * for the same number of steps and the step size falling to zero. n x n numbers are never in memory.
 *
 * Of all steps the rows with the least coherence are kept, so that it never rises, but where rows without a direction
 * (shorter than 1e-12) were given: those are random first. Rows that coincide, or are opposite, are parted by noise, the
 * same for every call. For n <= d the rows become orthonormal, the nearest such, in one step. Start from
 * `saek_tight_frame_f32`, which costs little beside this, or from random rows. Where the bound is met to rounding it ends.
 *
 * - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `params`: null for the defaults.
 * - `report`: null, or its struct_size set before, as by `saek_lower_coherence_report_init`; written.
 * - `progress`, `context`: called in each step with the coherence before it, as the loss; null for no reports.
 * - `workspace`, `workspace_bytes`: as `saek_lower_coherence_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); MISALIGNED,
 * STRUCT_SIZE (params, report); OVERLAP (report); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (learning_rate); OUT_OF_RANGE
 * (greatest_exponent); NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED (progress) and
 * DIVERGED (learning_rate) leave the best rows so far; NOT_CONVERGED (dictionary), for n <= d, should eigenvalues not be
 * found, leaves rows without meaning.
 * Cost: 3 n^2 d flops a step, and a sweep over n^2/2 numbers, 96 n of them in memory at a time. The same bits for the
 * same input on the same machine.
 */
saek_status saek_lower_coherence_f32(float *dictionary, size_t rows, size_t cols, size_t stride,
    const struct saek_lower_coherence_params *params, struct saek_lower_coherence_report *report,
    saek_progress_callback progress, void *context, void *workspace, size_t workspace_bytes);

/** As `saek_lower_coherence_f32`, in double precision. */
saek_status saek_lower_coherence_f64(double *dictionary, size_t rows, size_t cols, size_t stride,
    const struct saek_lower_coherence_params *params, struct saek_lower_coherence_report *report,
    saek_progress_callback progress, void *context, void *workspace, size_t workspace_bytes);

/**
 * Says how much workspace `saek_compensate_probabilities_f32` and its like need: 16 bytes a node.
 *
 * - `plan_len`: length of the plan of the hierarchy.
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: SHAPE (plan); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_compensate_probabilities_workspace(size_t plan_len, size_t *bytes, size_t *align);

/**
 * Fills `out` with the probabilities that features must be drawn with, independently, for them to fire at `rates` after
 * a hierarchy was applied.
 *
 * A child whose nearest ancestor with a feature has rate g is drawn with q = rate / g, so that it fires at g q. Of
 * exclusive siblings one of k rivals stays with probability 1/k: their q solve rate_i / g = q_i E[1/(1 + K_i)], K_i
 * counting the others that are drawn. Roots and features without a node keep their rates. A child cannot fire more
 * often than its parent, nor can exclusive siblings in sum: such children get the nearest probabilities, 1 or what
 * gives exclusive ones rates in the proportions asked for, and are counted in `unmet`.
 *
 * - `plan`, `plan_len`: a hierarchy of `features` features, as `saek_plan_hierarchy` has written it.
 * - `rates`: how often each feature shall fire, in [0, 1]; `rate_count` of them, which is `features`, or 1 for all
 *   alike.
 * - `compensation`: SAEK_COMPENSATION_EXACT; or SAEK_COMPENSATION_APPROXIMATE for rate_i / g, times 1 + the sum of the
 *   other siblings' rates / g where they exclude each other, at most 1, as sae-lens has it: exclusive siblings then
 *   fire too rarely.
 * - `out`: `features` probabilities, written.
 * - `unmet`: written: how many features' rates can't be met.
 * - `workspace`: as `saek_compensate_probabilities_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW,
    OVERLAP (any pointer); SHAPE (plan); UNKNOWN_VALUE (compensation);
 * EMPTY, SHAPE, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (rates); WORKSPACE_TOO_SMALL.
 * Cost: O(nodes); where siblings exclude each other some 5 to 100 rounds of 64 flops a sibling, and up to 1000 where
 * they fire nearly always when their parent does. Rates are met to 1e-13, to 1e-9 in that case, and to 1e-6 where some
 * sibling would have to be drawn always.
 */
saek_status saek_compensate_probabilities_f32(const uint32_t *plan, size_t plan_len, const float *rates,
    size_t rate_count, uint32_t compensation, float *out, size_t features, size_t *unmet, void *workspace,
    size_t workspace_bytes);

/** As `saek_compensate_probabilities_f32`, in double precision. */
saek_status saek_compensate_probabilities_f64(const uint32_t *plan, size_t plan_len, const double *rates,
    size_t rate_count, uint32_t compensation, double *out, size_t features, size_t *unmet, void *workspace,
    size_t workspace_bytes);

/**
 * Gives the size in bytes and the alignment of the workspace of `saek_count_groups`: 8 bytes a feature.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_count_groups_workspace(size_t features, size_t *bytes, size_t *align);

/**
 * Gives the lengths of the arrays for groups of `features` features with these correlations.
 *
 * Two features are in the same group where a chain of pairs with correlations other than 0 leads from one to the other.
 *
 * - `pairs`: `pair_count` correlations; may be NULL where there are none.
 * - `features`: in 1..2^32 - 1.
 * - `lengths`: its struct_size set before, as by `saek_correlated_groups_lengths_init`; written.
 * - `workspace`, `workspace_bytes`: see `saek_count_groups_workspace`.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (pairs); INDEX_OUT_OF_RANGE, ORDER, NOT_A_NUMBER, INFINITE,
 * OUT_OF_RANGE (pairs); EMPTY, OUT_OF_RANGE (features); NULL_POINTER, MISALIGNED, STRUCT_SIZE,
    OVERLAP (lengths);
 * NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace).
 * Cost: O(n + pairs log n).
 */
saek_status saek_count_groups(const struct saek_correlated_pair *pairs, size_t pair_count, size_t features,
    struct saek_correlated_groups_lengths *lengths, void *workspace, size_t workspace_bytes);

/**
 * Gives the size in bytes and the alignment of the workspace of `saek_correlate_groups_f32`: 12 bytes a feature, 8 a
 * group and an element of a factor, and up to about 48 m^2 for the largest group, of m members.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (lengths); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align);
 * SIZE_OVERFLOW (workspace).
 */
saek_status saek_correlate_groups_f32_workspace(size_t features,
    const struct saek_correlated_groups_lengths *lengths, size_t *bytes, size_t *align);

/**
 * Lays out correlated features in groups for `saek_sample_grouped_csr_f32` and its like.
 *
 * The correlations c_ij = c_ji are those of the last pair (i, j), and 0 where there is none. A group's block of the
 * correlation matrix with an eigenvalue below -1e-6 is repaired as `saek_correlation_matrix_f32` repairs a whole
 * matrix; the others stay as they are. Each block is factorised, in double precision. Fills the arrays of `groups`; the
 * struct itself is not written.
 *
 * - `pairs`: `pair_count` correlations; may be NULL where there are none.
 * - `probabilities`: `probabilities_len` firing probabilities within [0, 1], one a feature, or one for all.
 * - `independent`: `features` elements, written: the probabilities of the features that are correlated with none, and 0
 *   for the others; to be laid out by `saek_plan_firing_f32`.
 * - `features`: in 1..2^32 - 1.
 * - `groups`: lengths as `saek_count_groups` gives them, and arrays of these lengths.
 * - `report`: NULL, or written: the number of groups that were repaired.
 * - `workspace`, `workspace_bytes`: see `saek_correlate_groups_f32_workspace`.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (pairs); INDEX_OUT_OF_RANGE, ORDER, NOT_A_NUMBER, INFINITE,
 * OUT_OF_RANGE (pairs); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
 * (probabilities); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (independent); EMPTY,
    OUT_OF_RANGE (features);
 * NULL_POINTER, MISALIGNED, STRUCT_SIZE (groups, lengths); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP, SHAPE
 * (members, ranks, group_ends, factors, thresholds); MISALIGNED, OVERLAP (report); NULL_POINTER, MISALIGNED,
 * WORKSPACE_TOO_SMALL, SIZE_OVERFLOW, OVERLAP (workspace); NOT_POSITIVE_DEFINITE (pairs) for a block that was not
 * repaired and is singular, such as one with a correlation of 1; NOT_CONVERGED (pairs).
 * Cost: O(n + pairs log n), and m^3/3 flops twice for each group of m members, 10 m^3 more where it is repaired.
 * Deterministic; factors may differ in their last bits between processors with different SIMD instructions.
 */
saek_status saek_correlate_groups_f32(const struct saek_correlated_pair *pairs, size_t pair_count,
    const float *probabilities, size_t probabilities_len, float *independent, size_t features,
    const struct saek_correlated_groups_f32 *groups, size_t *report, void *workspace, size_t workspace_bytes);

/** As `saek_correlate_groups_f32_workspace`, in double precision. */
saek_status saek_correlate_groups_f64_workspace(size_t features,
    const struct saek_correlated_groups_lengths *lengths, size_t *bytes, size_t *align);

/** As `saek_correlate_groups_f32`, in double precision. */
saek_status saek_correlate_groups_f64(const struct saek_correlated_pair *pairs, size_t pair_count,
    const double *probabilities, size_t probabilities_len, double *independent, size_t features,
    const struct saek_correlated_groups_f64 *groups, size_t *report, void *workspace, size_t workspace_bytes);

/**
 * Says how much workspace `saek_correlation_factorise_f32` needs for `count` features: about 8 count^2 bytes.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_correlation_factorise_f32_workspace(size_t count, size_t *bytes, size_t *align);

/** As `saek_correlation_factorise_f32_workspace`, for `saek_correlation_factorise_f64`. */
saek_status saek_correlation_factorise_f64_workspace(size_t count, size_t *bytes, size_t *align);

/**
 * Fills `factor` with the lower triangular L of correlation = L L^T, zero above the diagonal.
 *
 * - `correlation`: `count` by `count`, row-major, rows `correlation_stride` elements apart; of the two triangles,
 *   which must agree, the lower one is used.
 * - `factor`: likewise with `factor_stride`; written.
 * - `workspace`: as `saek_correlation_factorise_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (correlation,
    factor);
 * NOT_A_NUMBER, INFINITE, DIAGONAL_NOT_ONE, NOT_SYMMETRIC (tolerance 1e-8 + 1e-5 |x|), NOT_POSITIVE_DEFINITE
 * (correlation); WORKSPACE_TOO_SMALL.
 * Cost: count^3 / 3 flops in double precision. The last bits may differ between processors.
 */
saek_status saek_correlation_factorise_f32(const float *correlation, size_t count, size_t correlation_stride,
    float *factor, size_t factor_stride, void *workspace, size_t workspace_bytes);

/** As `saek_correlation_factorise_f32`, in double precision. */
saek_status saek_correlation_factorise_f64(const double *correlation, size_t count, size_t correlation_stride,
    double *factor, size_t factor_stride, void *workspace, size_t workspace_bytes);

/**
 * Fills `thresholds[count]` with what a standard normal number exceeds with each probability: Phi^-1(1 - p).
 *
 * - `probabilities`: `probability_count` of them, which is `count`, or 1 for all features alike; each in [0, 1].
 * - `thresholds`: written; +infinity for a probability of 0, -infinity for 1.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (probabilities, thresholds); EMPTY (thresholds); EMPTY,
 * SHAPE, NOT_A_NUMBER, OUT_OF_RANGE (probabilities).
 * Cost: one quantile a feature, no workspace. The same on every platform.
 */
saek_status saek_correlation_thresholds_f32(const float *probabilities, size_t probability_count,
    float *thresholds, size_t count);

/** As `saek_correlation_thresholds_f32`, in double precision. */
saek_status saek_correlation_thresholds_f64(const double *probabilities, size_t probability_count,
    double *thresholds, size_t count);

/**
 * Says how much workspace `saek_sample_correlated_f32` needs for `cols` features: 256 (cols + min(cols, 64)) numbers.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_sample_correlated_f32_workspace(size_t cols, size_t *bytes, size_t *align);

/** As `saek_sample_correlated_f32_workspace`, for `saek_sample_correlated_f64`. */
saek_status saek_sample_correlated_f64_workspace(size_t cols, size_t *bytes, size_t *align);

/**
 * Fills `activations` with samples whose features fire together as a Gaussian copula says.
 *
 * Feature i of a row fires where (L eps)_i > thresholds[i], eps being independent standard normal numbers; where
 * it fires the value is relu(means[i] + std_devs[i] g) with another normal g, elsewhere 0.
 *
 * - `factor`: L, `cols` by `cols`, row-major, rows `factor_stride` elements apart, as
 *   `saek_correlation_factorise_f32` writes it.
 * - `thresholds`: `cols` of them, as `saek_correlation_thresholds_f32` writes them.
 * - `means`, `std_devs`: `mean_count` and `std_dev_count` of them, each `cols`, or 1 for all features alike.
 * - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed, and does not
 *   depend on the batch that it is drawn in.
 * - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; written.
 * - `workspace`: as `saek_sample_correlated_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (factor,
    activations);
 * NOT_A_NUMBER (factor, thresholds, means, std_devs); INFINITE (factor, means, std_devs); EMPTY, SHAPE (means,
 * std_devs); OUT_OF_RANGE (std_devs) for a negative one; SIZE_OVERFLOW (first_row) where first_row + rows exceeds
 * 2^64 - 1; WORKSPACE_TOO_SMALL.
 * Cost: about cols^2 flops a row, counted for whole blocks of 256 rows that begin at a multiple of 256. On processors
 * with different SIMD instructions about one firing in 1/epsilon may differ.
 */
saek_status saek_sample_correlated_f32(const float *factor, size_t factor_stride, const float *thresholds,
    const float *means, size_t mean_count, const float *std_devs, size_t std_dev_count, uint64_t seed,
    uint64_t stream, uint64_t first_row, float *activations, size_t rows, size_t cols, size_t stride,
    void *workspace, size_t workspace_bytes);

/** As `saek_sample_correlated_f32`, in double precision. */
saek_status saek_sample_correlated_f64(const double *factor, size_t factor_stride, const double *thresholds,
    const double *means, size_t mean_count, const double *std_devs, size_t std_dev_count, uint64_t seed,
    uint64_t stream, uint64_t first_row, double *activations, size_t rows, size_t cols, size_t stride,
    void *workspace, size_t workspace_bytes);

/**
 * Sets the size of `lengths`, and zeros.
 *
 * Status: NULL_POINTER, MISALIGNED (lengths).
 */
saek_status saek_correlated_groups_lengths_init(struct saek_correlated_groups_lengths *lengths);

/**
 * Sets the size of `groups`, and NULL pointers.
 *
 * Status: NULL_POINTER, MISALIGNED (groups).
 */
saek_status saek_correlated_groups_f32_init(struct saek_correlated_groups_f32 *groups);

/**
 * Sets the size of `groups`, and NULL pointers.
 *
 * Status: NULL_POINTER, MISALIGNED (groups).
 */
saek_status saek_correlated_groups_f64_init(struct saek_correlated_groups_f64 *groups);

/**
 * Says how much workspace `saek_correlation_matrix_f32` needs for `count` features: up to about 48 count^2 bytes.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_correlation_matrix_f32_workspace(size_t count, size_t *bytes, size_t *align);

/** As `saek_correlation_matrix_f32_workspace`, for `saek_correlation_matrix_f64`. */
saek_status saek_correlation_matrix_f64_workspace(size_t count, size_t *bytes, size_t *align);

/**
 * Fills `out` with the correlation matrix of `pairs`: symmetric, with a unit diagonal.
 *
 * Entries without a pair are `default_correlation`; later pairs override earlier ones. If an eigenvalue is below
 * -1e-6, those below 1e-6 are raised to it and the matrix is scaled to a unit diagonal again, so that the result
 * is positive definite but only near to what was asked for. The work is done in double precision.
 *
 * - `pairs`: `pair_count` of them, i < j < count; may be null where there are none.
 * - `default_correlation`: in [-1, 1].
 * - `out`: `count` by `count`, row-major, rows `stride` elements apart; written.
 * - `report`: null, or written: 1 where the matrix was repaired, else 0.
 * - `workspace`: as `saek_correlation_matrix_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (out);
 * INDEX_OUT_OF_RANGE, ORDER (pairs); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (pairs, default_correlation);
 * WORKSPACE_TOO_SMALL; NOT_CONVERGED (out) should the eigenvalues not be found.
 * Cost: count^3 / 3 flops, with a repair about 10 count^3 more. The last bits of a repaired matrix may differ between
 * processors.
 */
saek_status saek_correlation_matrix_f32(const struct saek_correlated_pair *pairs, size_t pair_count,
    double default_correlation, float *out, size_t count, size_t stride, uint32_t *report, void *workspace,
    size_t workspace_bytes);

/** As `saek_correlation_matrix_f32`, in double precision. */
saek_status saek_correlation_matrix_f64(const struct saek_correlated_pair *pairs, size_t pair_count,
    double default_correlation, double *out, size_t count, size_t stride, uint32_t *report, void *workspace,
    size_t workspace_bytes);

/** Fills `params` with the defaults. */
saek_status saek_random_correlations_params_init(struct saek_random_correlations_params *params);

/**
 * Says how many pairs `saek_random_correlations` gives: N - floor(N uncorrelated_ratio), N = count(count - 1)/2.
 *
 * - `params`: null for the defaults.
 * - `out`: written.
 *
 * Status: NULL_POINTER, MISALIGNED (out); those of `saek_random_correlations` for `count` and `params`;
 * SIZE_OVERFLOW (count).
 */
saek_status saek_random_correlations_len(size_t count, const struct saek_random_correlations_params *params,
    size_t *out);

/**
 * Writes random correlations between `count` features, in increasing order of (i, j).
 *
 * Of the N = count(count - 1)/2 pairs, floor(N uncorrelated_ratio) chosen at random are left out; of the others a
 * share of positive_ratio, rounded down and chosen at random, is positive and the rest negative; absolute values
 * are uniform in [min_strength, max_strength].
 *
 * - `params`: null for the defaults.
 * - `pairs`: room for `capacity` pairs, of which the first are written; may be null where capacity is 0.
 * - `out`: the number of pairs written.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (pairs, out); MISALIGNED, STRUCT_SIZE (params);
 * NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (positive_ratio, uncorrelated_ratio, min_strength, max_strength); ORDER
 * (min_strength) unless min <= max; OUT_OF_RANGE (count) for 2^32 features and more; CAPACITY (capacity) where there
 * are more pairs than room.
 * Cost: at most three random words a pair. Deterministic in the seed; the same on every platform.
 */
saek_status saek_random_correlations(size_t count, const struct saek_random_correlations_params *params,
    struct saek_correlated_pair *pairs, size_t capacity, size_t *out);

/**
 * Writes mean and root mean square of the elements of a correlation matrix off its diagonal.
 *
 * mean = the sum of c_ij over i != j divided by n (n - 1), rms = the root of the same of c_ij^2, n = count. The
 * diagonal is not looked at but to be finite, and neither symmetry nor a unit diagonal is asked for.
 *
 * - `correlation`: `count` by `count`, row-major, rows `correlation_stride` elements apart; count >= 2.
 * - `mean`, `rms`: one value each, written.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
 * OUT_OF_RANGE where squares are beyond double precision (correlation); OUT_OF_RANGE (count: one feature alone).
 * Cost: 3 count^2 flops, no workspace. Sums in double precision; the same on every platform.
 * Source: compute_correlation_matrix_stats of sae-lens.
 */
saek_status saek_correlation_statistics_f32(const float *correlation, size_t count, size_t correlation_stride,
    double *mean, double *rms);

/** As `saek_correlation_statistics_f32`, in double precision. */
saek_status saek_correlation_statistics_f64(const double *correlation, size_t count,
    size_t correlation_stride, double *mean, double *rms);

/**
 * Writes what `saek_correlation_statistics_f32` does for factor factor^T + diag, which is not formed.
 *
 * With the rows f_i of the factor, s their sum and G = factor^T factor: the sum of c_ij over i != j is |s|^2 minus the
 * sum of |f_i|^2, that of c_ij^2 is |G|^2 minus the sum of |f_i|^4; for count <= rank they are summed one by one
 * instead. The diagonal does not matter. For count > rank, where the correlations are tiny, rms is right to about
 * 1e-8 / count times the root of the sum of |f_i|^4.
 *
 * - `factor`: `count` by `rank`, row-major, rows `factor_stride` elements apart; count >= 2.
 * - `mean`, `rms`: one value each, written.
 * - `workspace`, `workspace_bytes`: as `saek_low_rank_correlation_statistics_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
 * OUT_OF_RANGE where fourth powers are beyond double precision (factor); OUT_OF_RANGE (count: one feature alone);
 * WORKSPACE_TOO_SMALL (workspace).
 * Cost: count rank min(count, rank) flops in double precision. The same on every platform.
 * Source: compute_low_rank_correlation_matrix_stats of sae-lens.
 */
saek_status saek_low_rank_correlation_statistics_f32(const float *factor, size_t count, size_t rank,
    size_t factor_stride, double *mean, double *rms, void *workspace, size_t workspace_bytes);

/** As `saek_low_rank_correlation_statistics_f32`, in double precision. */
saek_status saek_low_rank_correlation_statistics_f64(const double *factor, size_t count, size_t rank,
    size_t factor_stride, double *mean, double *rms, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_low_rank_correlation_statistics_f32`: rank^2 +
 * 5 rank doubles, however many rows there are.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_low_rank_correlation_statistics_f32_workspace(size_t rank, size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_low_rank_correlation_statistics_f64`; as
 * `saek_low_rank_correlation_statistics_f32_workspace`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_low_rank_correlation_statistics_f64_workspace(size_t rank, size_t *bytes, size_t *align);

/**
 * Scales every row of `matrix` to unit length: e_i <- e_i / max(|e_i|, 1e-8).
 *
 * - `matrix`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `stride`: >= cols.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (matrix).
 * Cost: 3 rows cols flops, no workspace.
 */
saek_status saek_normalise_rows_f32(float *matrix, size_t rows, size_t cols, size_t stride);

/** As `saek_normalise_rows_f32`, in double precision. */
saek_status saek_normalise_rows_f64(double *matrix, size_t rows, size_t cols, size_t stride);

/**
 * Fills `dictionary` with independent unit vectors, uniform on the sphere: Gaussian rows scaled to unit length.
 *
 * Row i depends on (seed, stream, first_row + i) alone, so that a dictionary may be made in parts.
 *
 * - `seed`, `stream`: name the random numbers.
 * - `first_row`: index of the first row; the sum first_row + i wraps.
 * - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; written.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (dictionary).
 * Cost: rows cols normal numbers, no workspace. The same on every platform.
 */
saek_status saek_random_unit_rows_f32(uint64_t seed, uint64_t stream, uint64_t first_row, float *dictionary,
    size_t rows, size_t cols, size_t stride);

/** As `saek_random_unit_rows_f32`, in double precision. */
saek_status saek_random_unit_rows_f64(uint64_t seed, uint64_t stream, uint64_t first_row, double *dictionary,
    size_t rows, size_t cols, size_t stride);

/** Fills `params` with the defaults. */
saek_status saek_orthogonalise_params_init(struct saek_orthogonalise_params *params);

/**
 * Says how much workspace `saek_orthogonalise_f32` needs: 2 rows cols numbers more than
 * `saek_orthogonalise_resume_f32`.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_orthogonalise_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/** As `saek_orthogonalise_f32_workspace`, for `saek_orthogonalise_f64`. */
saek_status saek_orthogonalise_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Makes the rows of `dictionary` unit vectors whose cosines are near params->target_cosine.
 *
 * Rows to unit length; `steps` steps of Adam (0.9, 0.999, 1e-8) on
 * L = sum over i != j of (g_ij - t)^2 + n sum over i of (g_ii - 1)^2, g = E E^T; rows to unit length again: what
 * sae-lens's `orthogonalize_embeddings` does, by a d x d (or n x n, whichever is smaller) matrix.
 *
 * - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `params`: null for the defaults.
 * - `progress`, `context`: called after each step with the loss before its update; null for no reports.
 * - `workspace`, `workspace_bytes`: as `saek_orthogonalise_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); MISALIGNED,
 * STRUCT_SIZE (params); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (target_cosine, learning_rate); NULL_POINTER,
 * MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED (progress) leaves the rows of the last step, at
 * unit length; DIVERGED (learning_rate) leaves rows without meaning.
 * Cost: 3 rows cols min(rows, cols) flops a step. The same bits for the same input on the same machine.
 */
saek_status saek_orthogonalise_f32(float *dictionary, size_t rows, size_t cols, size_t stride,
    const struct saek_orthogonalise_params *params, saek_progress_callback progress, void *context,
    void *workspace, size_t workspace_bytes);

/** As `saek_orthogonalise_f32`, in double precision. */
saek_status saek_orthogonalise_f64(double *dictionary, size_t rows, size_t cols, size_t stride,
    const struct saek_orthogonalise_params *params, saek_progress_callback progress, void *context,
    void *workspace, size_t workspace_bytes);

/** Fills `params` with the defaults. */
saek_status saek_evaluate_params_init(struct saek_evaluate_params *params);

/**
 * Says how much workspace `saek_evaluate_f32` needs: batch (features + 2 cols + latents) numbers or, if more, what
 * `saek_mcc_f32` needs for latents by features, and the generator's.
 *
 * - `generator`: the generator, complete.
 * - `cols`: dimensions d of the hidden vectors.
 * - `latents`: latents m of the autoencoder.
 * - `params`: null for the defaults.
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: those of `saek_generator_sample_f32_workspace` on the generator; MISALIGNED, STRUCT_SIZE (params); EMPTY
 * (batch); EMPTY, SIZE_OVERFLOW (cols, latents); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_evaluate_f32_workspace(const struct saek_generator_f32 *generator, size_t cols,
    size_t latents, const struct saek_evaluate_params *params, size_t *bytes, size_t *align);

/**
 * Evaluates an autoencoder on samples of a generator: L0, dead latents, shrinkage, MCC.
 *
 * Draws params->samples samples x in batches, projects them to hidden vectors h = x E + bias, has them encoded and
 * decoded, and measures as `saek_evaluation_add_f32` does; then matches the decoder's rows with the dictionary's as
 * `saek_mcc_f32` does. What sae-lens's `eval_sae_on_synthetic_data` does, in memory that does not grow with the
 * samples. Samples with h = 0 are encoded too, but count for true_l0 alone.
 *
 * - `generator`: the source of the activations, of n = generator->features features.
 * - `dictionary`: E, n by `cols`, rows `dictionary_stride` elements apart.
 * - `bias`: `cols` numbers, or NULL for none.
 * - `decoder`: one direction a latent, `latents` by `cols`, rows `decoder_stride` elements apart.
 * - `encode`, `decode`, `context`: the autoencoder.
 * - `params`: null for the defaults.
 * - `progress`, `progress_context`: called after each batch with samples done and samples in all; null for no reports.
 * - `metrics`: struct_size set before the call (`saek_metrics_init`); written.
 * - `mcc`: written.
 * - `workspace`, `workspace_bytes`: as `saek_evaluate_f32_workspace` says.
 *
 * Status: those of `saek_generator_sample_f32`; NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER,
 * INFINITE (dictionary, decoder); MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (bias); NULL_POINTER (encode,
 * decode); MISALIGNED, STRUCT_SIZE (params, metrics); EMPTY (samples, batch); SIZE_OVERFLOW (first_row); NULL_POINTER
 * (metrics); NULL_POINTER, MISALIGNED (mcc); OVERLAP (metrics, mcc); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW,
 * WORKSPACE_TOO_SMALL, OVERLAP (workspace); CANCELLED (encode, decode, modifiers, progress) where a callback breaks
 * off; NOT_A_NUMBER, INFINITE (modifiers, latents, decoded) where a callback gives such a number; INFINITE (hidden,
 * decoded) where a vector's length is too large for a number. Nothing but the workspace is written then.
 * Cost: a sample, drawing it, 2 n cols flops and the callbacks; once, the MCC.
 */
saek_status saek_evaluate_f32(const struct saek_generator_f32 *generator, const float *dictionary,
    size_t cols, size_t dictionary_stride, const float *bias, const float *decoder, size_t latents,
    size_t decoder_stride, saek_encode_f32_callback encode, saek_decode_f32_callback decode, void *context,
    const struct saek_evaluate_params *params, saek_progress_callback progress, void *progress_context,
    struct saek_metrics *metrics, double *mcc, void *workspace, size_t workspace_bytes);

/** As `saek_evaluate_f32_workspace`, for `saek_evaluate_f64`. */
saek_status saek_evaluate_f64_workspace(const struct saek_generator_f64 *generator, size_t cols,
    size_t latents, const struct saek_evaluate_params *params, size_t *bytes, size_t *align);

/** As `saek_evaluate_f32`, in double precision. */
saek_status saek_evaluate_f64(const struct saek_generator_f64 *generator, const double *dictionary,
    size_t cols, size_t dictionary_stride, const double *bias, const double *decoder, size_t latents,
    size_t decoder_stride, saek_encode_f64_callback encode, saek_decode_f64_callback decode, void *context,
    const struct saek_evaluate_params *params, saek_progress_callback progress, void *progress_context,
    struct saek_metrics *metrics, double *mcc, void *workspace, size_t workspace_bytes);

/**
 * Sets the size of `metrics` and everything else to zero, as `saek_evaluation_finish` wants it.
 *
 * Status: NULL_POINTER, MISALIGNED (metrics).
 */
saek_status saek_metrics_init(struct saek_metrics *metrics);

/** The length of `counts` for an autoencoder of `latents` latents: latents + 4. */
size_t saek_evaluation_counts_len(size_t latents);

/** The length of `sums`: 2. */
size_t saek_evaluation_sums_len(void);

/**
 * Starts an evaluation: fills its state, `counts` and `sums`, with zeros.
 *
 * The state is two plain arrays in the caller's memory. Every element is a sum over samples, so that the states of
 * threads, files and machines merge by adding them element by element. Between MPI ranks, in place,
 * `MPI_Allreduce(MPI_IN_PLACE, counts, counts_len, MPI_UINT64_T, MPI_SUM, comm)` and
 * `MPI_Allreduce(MPI_IN_PLACE, sums, sums_len, MPI_DOUBLE, MPI_SUM, comm)`
 * do it, and every rank may then call `saek_evaluation_finish`. Before adding more batches, all ranks but one begin
 * anew, or the next all-reduce would count the merged state once a rank. Within a process `saek_evaluation_merge` adds.
 *
 * counts[0] counts the samples, counts[1] those kept, whose hidden vector is not zero, counts[2] active features over
 * all samples, counts[3] active latents over kept samples, and counts[4 + i] the kept samples on which latent i is
 * active. sums[0] + sums[1] is the sum over kept samples of |decoded| / max(|hidden|, 1e-8), the second element holding
 * what the first one's roundings lost. Active means greater than zero.
 *
 * - `counts`: `counts_len` counts, `saek_evaluation_counts_len(latents)` of them; written.
 * - `sums`: `sums_len` sums, `saek_evaluation_sums_len()` of them; written.
 * - `latents`: number of latents, >= 1.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE (counts, sums); OVERLAP (sums); EMPTY (latents).
 */
saek_status saek_evaluation_begin(uint64_t *counts, size_t counts_len, double *sums, size_t sums_len,
    size_t latents);

/**
 * Adds a batch, a sample a row, to the state of an evaluation.
 *
 * Samples whose hidden vector is zero count for true_l0 alone.
 *
 * - `counts`, `counts_len`, `sums`, `sums_len`: the state, as `saek_evaluation_begin` left it; read and written.
 * - `activations`: the true activations, `rows` by `features`, rows `activations_stride` elements apart.
 * - `hidden`: the hidden vectors, `rows` by `cols`, rows `hidden_stride` elements apart.
 * - `latents`: what the encoder gave for them, `rows` by `latents_count`, rows `latents_stride` elements apart.
 * - `decoded`: what the decoder gave for the latents, `rows` by `cols`, rows `decoded_stride` elements apart.
 * - Strides: each >= the columns of its matrix.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE, OVERLAP (counts, sums); NULL_POINTER, MISALIGNED, EMPTY,
 * STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OVERLAP (activations, hidden, latents, decoded). OVERLAP means memory
 * shared with the state; the matrices may share theirs.
 * Cost: two passes over the batch, no workspace. Deterministic. The counts do not depend on how samples are batched; the
 * sums depend on it by a rounding, about 1e-16 relative.
 */
saek_status saek_evaluation_add_f32(uint64_t *counts, size_t counts_len, double *sums, size_t sums_len,
    const float *activations, size_t rows, size_t features, size_t activations_stride, const float *hidden,
    size_t cols, size_t hidden_stride, const float *latents, size_t latents_count, size_t latents_stride,
    const float *decoded, size_t decoded_stride);

/** As `saek_evaluation_add_f32`, for data in double precision. The state is the same for both. */
saek_status saek_evaluation_add_f64(uint64_t *counts, size_t counts_len, double *sums, size_t sums_len,
    const double *activations, size_t rows, size_t features, size_t activations_stride, const double *hidden,
    size_t cols, size_t hidden_stride, const double *latents, size_t latents_count, size_t latents_stride,
    const double *decoded, size_t decoded_stride);

/**
 * Adds to the state of an evaluation that of another part of it.
 *
 * - `counts`, `counts_len`, `sums`, `sums_len`: the state; read and written.
 * - `other_counts`, `other_counts_len`, `other_sums`, `other_sums_len`: the other part's state, of the same lengths.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE, OVERLAP (counts, sums, other_counts, other_sums); EMPTY
 * (latents) where `counts` has no place for latents.
 * Cost: counts_len additions. Counts merge exactly; the sums depend on the order of merging by a rounding.
 */
saek_status saek_evaluation_merge(uint64_t *counts, size_t counts_len, double *sums, size_t sums_len,
    const uint64_t *other_counts, size_t other_counts_len, const double *other_sums, size_t other_sums_len);

/**
 * Writes the metrics of everything added so far; the state stays as it is and may go on.
 *
 * - `counts`, `counts_len`, `sums`, `sums_len`: the state, merged where there were parts.
 * - `metrics`: its struct_size set before, as by `saek_metrics_init`; written.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, SHAPE (counts, sums); NULL_POINTER, MISALIGNED, STRUCT_SIZE, OVERLAP
 * (metrics); EMPTY (latents) where `counts` has no place for latents; EMPTY (samples) where no sample was added;
 * NOT_A_NUMBER, INFINITE (sums).
 * Cost: a pass over `counts`.
 */
saek_status saek_evaluation_finish(const uint64_t *counts, size_t counts_len, const double *sums,
    size_t sums_len, struct saek_metrics *metrics);

/**
 * Sets the size of `firing`, no probabilities, and the default mean 1 and standard deviation 0.
 *
 * Status: NULL_POINTER, MISALIGNED (firing).
 */
saek_status saek_firing_f32_init(struct saek_firing_f32 *firing);

/** As `saek_firing_f32_init`, for `saek_firing_f64`. */
saek_status saek_firing_f64_init(struct saek_firing_f64 *firing);

/**
 * Fills `params` with the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED (params).
 */
saek_status saek_orthogonalise_apply_params_init(struct saek_orthogonalise_apply_params *params);

/**
 * Says how much workspace `saek_frame_operator_partial_f32` needs: cols^2 numbers and cols doubles for
 * each group of max(512, cols, rows/64) rows, rounded up to blocks of cols/4 rows, these to 128s.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_frame_operator_partial_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/** As `saek_frame_operator_partial_f32_workspace`, for `saek_frame_operator_partial_f64`. */
saek_status saek_frame_operator_partial_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Writes the frame operator F = E^T E of some rows of a dictionary, E = `dictionary`, and their sum s.
 *
 * F_kl = sum over i of e_ik e_il, s_k = sum over i of e_ik. Of parts of a dictionary, on machines of their own, both add
 * up to those of the whole, which `saek_orthogonalise_apply_f32` takes.
 *
 * - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart.
 * - `threads`: the most threads to work on, 0 and 1 for the calling thread alone; more are refused unless the library was
 *   built with the feature parallel.
 * - `frame`: `cols` by `cols`, packed, written, both halves.
 * - `row_sum`: `cols` doubles, written.
 * - `workspace`, `workspace_bytes`: as `saek_frame_operator_partial_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); NULL_POINTER,
 * MISALIGNED, SIZE_OVERFLOW (frame,
    row_sum); OUT_OF_RANGE (threads: more than one in a library without threads);
 * NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL (workspace); OVERLAP for any two arguments. Nothing is then written.
 * Cost: rows cols^2 flops, one pass over the rows. The same bits for the same input on the same machine, for any number
 * of threads.
 * Source: Benedetto and Fickus 2003 for the frame operator.
 */
saek_status saek_frame_operator_partial_f32(const float *dictionary, size_t rows, size_t cols, size_t stride,
    uint32_t threads, float *frame, double *row_sum, void *workspace, size_t workspace_bytes);

/** As `saek_frame_operator_partial_f32`, in double precision. */
saek_status saek_frame_operator_partial_f64(const double *dictionary, size_t rows, size_t cols, size_t stride,
    uint32_t threads, double *frame, double *row_sum, void *workspace, size_t workspace_bytes);

/**
 * Says how much workspace `saek_orthogonalise_apply_f32` needs: (cols + b) cols numbers and cols doubles
 * for each group of max(512, cols, rows/64) rows, rounded up to blocks of b rows, and cols numbers; b = cols/4,
 * rounded up to 128s.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_orthogonalise_apply_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/** As `saek_orthogonalise_apply_f32_workspace`, for `saek_orthogonalise_apply_f64`. */
saek_status saek_orthogonalise_apply_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Makes one step of `saek_orthogonalise_f32` on some of the rows of a dictionary, the local ones.
 *
 * With the frame operator F, the sum s and the number n of all rows, Adam (0.9, 0.999, 1e-8) moves each local row by
 * dL/de_i = 4 (F e_i + (n (g_i - 1) - g_i + t) e_i - t s), g_i = |e_i|^2: so do many machines what one would. First
 * every machine calls `saek_frame_operator_partial_f32` on its rows; F and s are added up over the machines; this
 * function moves the rows and leaves in `next_frame` and `next_row_sum` what is to be added up for the next step.
 * Rows must have unit length before the first step and are scaled to it after the last: `saek_normalise_rows_f32`.
 *
 * - `dictionary`: the local rows, `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `moments`: 2 rows cols numbers, zero before the first step: the first moments, packed, then the second; read and
 *   written.
 * - `step`: steps done before, from 0.
 * - `frame`: F of all rows, `cols` by `cols`, packed, both halves.
 * - `row_sum`: the sum of all rows, `cols` doubles.
 * - `total`: the number of all rows, >= rows.
 * - `next_frame`, `next_row_sum`: those of the moved local rows, written, sizes as above; both null where they are not
 *   wanted.
 * - `params`: null for the defaults.
 * - `loss`: null, or written: this part's share of the loss before the step. The shares of all parts add up to
 *   L = sum over i != j of (g_ij - t)^2 + n sum over i of (g_ii - 1)^2, to rounding.
 * - `workspace`, `workspace_bytes`: as `saek_orthogonalise_apply_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); NULL_POINTER,
 * MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (moments, frame, row_sum); OUT_OF_RANGE (moments) for a second
 * moment below zero; OUT_OF_RANGE (step) for 2^64 - 1; OUT_OF_RANGE (total); NULL_POINTER for one of two, MISALIGNED,
 * SIZE_OVERFLOW (next_frame, next_row_sum); MISALIGNED, STRUCT_SIZE (params); MISALIGNED (loss); NOT_A_NUMBER, INFINITE,
 * OUT_OF_RANGE (target_cosine,
    learning_rate); OUT_OF_RANGE (threads: more than one in a library without threads);
 * NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL (workspace); OVERLAP for any two arguments. Nothing is then written.
 * DIVERGED (learning_rate) where the share of the loss is not finite: rows and moments have then no meaning.
 * Cost: 2 rows cols^2 flops, rows cols^2 more for the next frame operator, one pass over rows and moments. The same bits
 * for the same input on the same machine, for any number of threads; how rows are dealt to machines changes rounding.
 * Source: `sae_lens.synthetic.orthogonalize_embeddings`, by the identity above; Kingma and Ba 2015 for Adam.
 */
saek_status saek_orthogonalise_apply_f32(float *dictionary, size_t rows, size_t cols, size_t stride,
    float *moments, uint64_t step, const float *frame, const double *row_sum, uint64_t total,
    float *next_frame, double *next_row_sum, const struct saek_orthogonalise_apply_params *params,
    double *loss, void *workspace, size_t workspace_bytes);

/** As `saek_orthogonalise_apply_f32`, in double precision. */
saek_status saek_orthogonalise_apply_f64(double *dictionary, size_t rows, size_t cols, size_t stride,
    double *moments, uint64_t step, const double *frame, const double *row_sum, uint64_t total,
    double *next_frame, double *next_row_sum, const struct saek_orthogonalise_apply_params *params,
    double *loss, void *workspace, size_t workspace_bytes);

/**
 * Fills a saek_generated_forest with the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED (params).
 */
saek_status saek_generated_forest_init(struct saek_generated_forest *p);

/**
 * Makes a forest of as many nodes as there is room for, at most.
 *
 * Trees grow level by level: first the roots, then the children of each node of a level in turn, until `depth` levels
 * lie below the roots or the room is used up. Node i has feature i. Then, of the nodes with two or more children at the
 * depths asked for, the portion asked for is chosen to have exclusive children.
 *
 * - `p`: what to make; NULL for the defaults.
 * - `seed`: of Python's generator: the forest is the one that sae-lens 6.54 makes with this seed.
 * - `parents`, `features`, `exclusive`, `scaled`: as `saek_plan_hierarchy` takes them; their first elements are
 *   written, as many as there are nodes.
 * - `room`: the length of the four; the number of features, if all of these may be used.
 * - `nodes`: written: the number of nodes.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); STRUCT_SIZE (params); EMPTY (roots,
 * features); OUT_OF_RANGE, NOT_A_NUMBER, INFINITE (the fields of `p`); UNKNOWN_VALUE (scaled) for a scale_children
 * that is neither 0 nor 1; OUT_OF_RANGE (features) for room for 2^32 - 1 nodes and more.
 * Cost: O(nodes), no workspace.
 */
saek_status saek_generate_forest(const struct saek_generated_forest *p, uint64_t seed, uint32_t *parents,
    uint32_t *features, uint8_t *exclusive, uint8_t *scaled, size_t room, size_t *nodes);

/**
 * Says how much workspace `saek_generator_sample_f32` needs: that of the correlated sampler where there is a factor,
 * and 32 bytes a node of the largest hierarchy.
 *
 * - `generator`: the generator, complete.
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`. 0
 *   bytes allow a NULL workspace.
 *
 * Status: those of `saek_generator_sample_f32` on the generator's structs, pointers and sizes, but what the arrays hold
 * is not looked at; NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_generator_sample_f32_workspace(const struct saek_generator_f32 *generator, size_t *bytes,
    size_t *align);

/**
 * Fills `activations` with samples first_row, first_row + 1, ... of a generator, one a row.
 *
 * Draws as `saek_sample_independent_f32` or, with a factor, `saek_sample_correlated_f32` does, applies the modifiers in
 * order, then a relu.
 *
 * - `generator`: what to draw.
 * - `first_row`: number of the first sample.
 * - `activations`: `rows` by generator->features, row-major, rows `stride` elements apart; written.
 * - `workspace`, `workspace_bytes`: as `saek_generator_sample_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (generator, firing, modifiers); EMPTY (features); those of the two
 * samplers; UNKNOWN_VALUE (modifiers) for an unknown kind, NULL_POINTER (modifiers) for a callback that is NULL; those
 * of `saek_hierarchy_validate`; NULL_POINTER, MISALIGNED, SHAPE, OVERLAP (plan); SHAPE, OUT_OF_RANGE (means) for means
 * that a hierarchy cannot scale by; OVERLAP (activations, modifiers, parents, features, exclusive); NULL_POINTER,
 * MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED (modifiers) where a callback breaks off,
 * NOT_A_NUMBER, INFINITE (modifiers) where one leaves such a number, and DIVERGED (activations) where scaling exceeds
 * the range of the numbers leave in `activations` what the modifier left.
 * Cost: drawing, and a pass a modifier. Sample r depends on (seed, stream, r) alone, as far as callbacks allow.
 */
saek_status saek_generator_sample_f32(const struct saek_generator_f32 *generator, uint64_t first_row,
    float *activations, size_t rows, size_t stride, void *workspace, size_t workspace_bytes);

/** As `saek_generator_sample_f32_workspace`, for `saek_generator_sample_f64`. */
saek_status saek_generator_sample_f64_workspace(const struct saek_generator_f64 *generator, size_t *bytes,
    size_t *align);

/** As `saek_generator_sample_f32`, in double precision. */
saek_status saek_generator_sample_f64(const struct saek_generator_f64 *generator, uint64_t first_row,
    double *activations, size_t rows, size_t stride, void *workspace, size_t workspace_bytes);

/**
 * Adds the gradient of a loss with respect to the dictionary: gradient += activations^T hidden_gradient.
 *
 * Where hidden = activations dictionary + bias, `hidden_gradient` is the gradient of the loss with respect to
 * `hidden`. The gradient with respect to the activations is `saek_latents_dense_f32` of it, that with respect to the
 * bias its sum over rows.
 *
 * - `activations`: `rows` by `features`, row-major, rows `activations_stride` elements apart.
 * - `hidden_gradient`: `rows` by `cols`, row-major, rows `hidden_gradient_stride` elements apart.
 * - `gradient`: `features` by `cols`, row-major, rows `gradient_stride` elements apart; read and written. Its numbers
 *   are not checked.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (activations, hidden_gradient, gradient);
 * NOT_A_NUMBER, INFINITE (activations, hidden_gradient); OVERLAP (gradient).
 * Cost: 2 rows features cols flops, no workspace. Deterministic on one machine.
 */
saek_status saek_gradient_dense_f32(const float *activations, size_t rows, size_t features,
    size_t activations_stride, const float *hidden_gradient, size_t cols, size_t hidden_gradient_stride,
    float *gradient, size_t gradient_stride);

/** As `saek_gradient_dense_f32`, in double precision. */
saek_status saek_gradient_dense_f64(const double *activations, size_t rows, size_t features,
    size_t activations_stride, const double *hidden_gradient, size_t cols, size_t hidden_gradient_stride,
    double *gradient, size_t gradient_stride);

/**
 * Adds the gradient of a loss with respect to the dictionary, of a sparse batch: gradient += activations^T
 * hidden_gradient.
 *
 * As `saek_gradient_dense_f32`; rows of features that do not fire are not touched.
 *
 * - `row_offsets`, `columns`, `values`, `nnz`, `rows`, `features`: the activations, as for `saek_project_csr_f32`.
 * - `hidden_gradient`: `rows` by `cols`, row-major, rows `hidden_gradient_stride` elements apart.
 * - `gradient`: `features` by `cols`, row-major, rows `gradient_stride` elements apart; read and written. Its numbers
 *   are not checked.
 *
 * Status: those of `saek_project_csr_f32` on the activations; NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW
 * (hidden_gradient, gradient); NOT_A_NUMBER, INFINITE (hidden_gradient); OVERLAP (gradient).
 * Cost: 2 row_offsets[rows] cols flops, no workspace. Each row of the gradient is summed in the order of the batch's
 * rows: the same bits on every platform.
 */
saek_status saek_gradient_csr_f32(const int64_t *row_offsets, const uint32_t *columns, const float *values,
    size_t nnz, size_t rows, size_t features, const float *hidden_gradient, size_t cols,
    size_t hidden_gradient_stride, float *gradient, size_t gradient_stride);

/** As `saek_gradient_csr_f32`, in double precision. */
saek_status saek_gradient_csr_f64(const int64_t *row_offsets, const uint32_t *columns, const double *values,
    size_t nnz, size_t rows, size_t features, const double *hidden_gradient, size_t cols,
    size_t hidden_gradient_stride, double *gradient, size_t gradient_stride);

/**
 * Gives the size in bytes and the alignment of the workspace of `saek_sample_grouped_csr_f32`: a bit a member, and an
 * element for each member of the largest group.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (lengths); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align);
 * SIZE_OVERFLOW (workspace).
 */
saek_status saek_sample_grouped_csr_f32_workspace(const struct saek_correlated_groups_lengths *lengths,
    size_t *bytes, size_t *align);

/**
 * Writes samples of features that are correlated in groups in compressed sparse rows (CSR).
 *
 * x_rj = relu(mean_j + std_dev_j N(0, 1)) where feature j fires, else 0. Members of `groups` fire as their factors and
 * thresholds say, the other features with the probabilities of the plan in `firing`, made from what
 * `saek_correlate_groups_f32` gives as `independent`: the law is that of the whole correlation matrix. Row r is sample
 * first_row + r of the stream, a function of (seed, stream, first_row + r), `firing` and `groups` alone. The rest is as
 * for `saek_sample_sparse_csr_f32`, whose samples these are where there are no groups.
 *
 * - `firing`: a plan, means and standard deviations.
 * - `groups`: filled by `saek_correlate_groups_f32`.
 * - `seed`, `stream`, `first_row`, `rows`, `row_offsets`, `columns`, `values`, `capacity`: as for
 *   `saek_sample_sparse_csr_f32`.
 * - `workspace`, `workspace_bytes`: see `saek_sample_grouped_csr_f32_workspace`.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan, groups, lengths); the plan's and the firing's other
 * faults as for `saek_sample_sparse_csr_f32`; NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (members, ranks, group_ends,
 * factors, thresholds); UNSORTED (members, group_ends); SHAPE (group_ends,
    factors); INDEX_OUT_OF_RANGE (ranks);
 * INDEX_OUT_OF_RANGE (members) for one that is no feature of the plan; EMPTY (rows); NULL_POINTER, MISALIGNED,
 * SIZE_OVERFLOW, OVERLAP (row_offsets, columns, values); SIZE_OVERFLOW (first_row); NULL_POINTER, MISALIGNED,
 * WORKSPACE_TOO_SMALL, OVERLAP (workspace); CAPACITY (capacity).
 * Cost: as `saek_sample_sparse_csr_f32`, and in every row for each member a normal number, and m (m + 1) flops for each
 * group of m members; a pass over the groups' arrays but `factors`. Of the same arrays the same on every platform. Of
 * groups, lengths, orders and indices are checked; numbers that were overwritten give samples of another law.
 */
saek_status saek_sample_grouped_csr_f32(const struct saek_planned_firing_f32 *firing,
    const struct saek_correlated_groups_f32 *groups, uint64_t seed, uint64_t stream, uint64_t first_row,
    size_t rows, int64_t *row_offsets, uint32_t *columns, float *values, size_t capacity, void *workspace,
    size_t workspace_bytes);

/** As `saek_sample_grouped_csr_f32_workspace`, in double precision. */
saek_status saek_sample_grouped_csr_f64_workspace(const struct saek_correlated_groups_lengths *lengths,
    size_t *bytes, size_t *align);

/** As `saek_sample_grouped_csr_f32`, in double precision. */
saek_status saek_sample_grouped_csr_f64(const struct saek_planned_firing_f64 *firing,
    const struct saek_correlated_groups_f64 *groups, uint64_t seed, uint64_t stream, uint64_t first_row,
    size_t rows, int64_t *row_offsets, uint32_t *columns, double *values, size_t capacity, void *workspace,
    size_t workspace_bytes);

/**
 * Gives the size in bytes and the alignment of the workspace of `saek_sample_grouped_f32`: a bit a member, and an
 * element for each member of the largest group.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (lengths); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align);
 * SIZE_OVERFLOW (workspace).
 */
saek_status saek_sample_grouped_f32_workspace(const struct saek_correlated_groups_lengths *lengths,
    size_t *bytes, size_t *align);

/**
 * Fills `activations` with samples of features that are correlated in groups, one a row: those of
 * `saek_sample_grouped_csr_f32`, to the bit.
 *
 * - `firing`, `groups`, `seed`, `stream`, `first_row`: as there.
 * - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart, a feature a column; written.
 * - `workspace`, `workspace_bytes`: see `saek_sample_grouped_f32_workspace`.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan, groups, lengths); the plan's and the firing's other
 * faults as for `saek_sample_sparse_csr_f32`; NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (members, ranks, group_ends,
 * factors, thresholds); UNSORTED (members, group_ends); SHAPE (group_ends,
    factors); INDEX_OUT_OF_RANGE (ranks);
 * INDEX_OUT_OF_RANGE (members) for one that is no feature of the plan; NULL_POINTER, MISALIGNED, EMPTY, STRIDE,
 * SIZE_OVERFLOW, OVERLAP, SHAPE (activations); SIZE_OVERFLOW (first_row); NULL_POINTER, MISALIGNED,
 * WORKSPACE_TOO_SMALL, OVERLAP (workspace).
 * Cost: as `saek_sample_grouped_csr_f32`, and rows * cols zeros written.
 */
saek_status saek_sample_grouped_f32(const struct saek_planned_firing_f32 *firing,
    const struct saek_correlated_groups_f32 *groups, uint64_t seed, uint64_t stream, uint64_t first_row,
    float *activations, size_t rows, size_t cols, size_t stride, void *workspace, size_t workspace_bytes);

/** As `saek_sample_grouped_f32_workspace`, in double precision. */
saek_status saek_sample_grouped_f64_workspace(const struct saek_correlated_groups_lengths *lengths,
    size_t *bytes, size_t *align);

/** As `saek_sample_grouped_f32`, in double precision. */
saek_status saek_sample_grouped_f64(const struct saek_planned_firing_f64 *firing,
    const struct saek_correlated_groups_f64 *groups, uint64_t seed, uint64_t stream, uint64_t first_row,
    double *activations, size_t rows, size_t cols, size_t stride, void *workspace, size_t workspace_bytes);

/**
 * Says how much workspace `saek_hierarchy_parents_from_edges` needs for `count` nodes: 8 bytes a node.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_hierarchy_parents_from_edges_workspace(size_t count, size_t *bytes, size_t *align);

/**
 * Fills `out` with the parent of each of `count` nodes, SAEK_NONE for those without, from a list of edges.
 *
 * - `parents`, `nodes`: `edges` of each; edge e says that nodes[e] is a child of parents[e]. Both may be null where
 *   there are none.
 * - `out`: `count` indices, written.
 * - `workspace`: as `saek_hierarchy_parents_from_edges_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); OUT_OF_RANGE (out) for 2^32 nodes and more;
 * INDEX_OUT_OF_RANGE (parents, nodes); SECOND_PARENT (nodes) where a node is a child in two edges; CYCLE (parents)
 * where a node is its own ancestor; WORKSPACE_TOO_SMALL.
 * Cost: linear in edges and nodes.
 */
saek_status saek_hierarchy_parents_from_edges(const uint32_t *parents, const uint32_t *nodes, size_t edges,
    uint32_t *out, size_t count, void *workspace, size_t workspace_bytes);

/**
 * Says how much workspace `saek_hierarchy_validate` needs: about 24 bytes a node.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_hierarchy_validate_workspace(size_t nodes, size_t *bytes, size_t *align);

/**
 * Checks that a forest is one, and that its features and exclusions make sense.
 *
 * - `parents`: index of each node's parent, SAEK_NONE for a root.
 * - `features`: index of each node's feature, below `feature_count`; SAEK_NONE for a node that only groups.
 * - `exclusive`: 1 where at most one child of the node may be active, else 0.
 * - `nodes`: the length of the three.
 * - `workspace`: as `saek_hierarchy_validate_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); OUT_OF_RANGE (nodes) for 2^32 nodes and
 * more; INDEX_OUT_OF_RANGE (parents, features); UNKNOWN_VALUE (exclusive); DUPLICATE_INDEX (features) for a feature
 * with two nodes; TOO_FEW_CHILDREN (exclusive); CYCLE (parents); WORKSPACE_TOO_SMALL.
 * Cost: O(nodes log nodes).
 */
saek_status saek_hierarchy_validate(const uint32_t *parents, const uint32_t *features,
    const uint8_t *exclusive, size_t nodes, size_t feature_count, void *workspace, size_t workspace_bytes);

/**
 * Writes to `count` the length of the plan of a hierarchy: 6 numbers a node and one more.
 *
 * Status: OUT_OF_RANGE (nodes) for 2^32 nodes and more; NULL_POINTER, MISALIGNED (count).
 */
saek_status saek_hierarchy_plan_len(size_t nodes, size_t *count);

/**
 * Says how much workspace `saek_plan_hierarchy` needs: about 24 bytes a node.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_plan_hierarchy_workspace(size_t nodes, size_t *bytes, size_t *align);

/**
 * Checks a forest once and lays it out in `plan`, for `saek_hierarchy_apply_csr_f32` and its like.
 *
 * - `parents`: index of each node's parent, SAEK_NONE for a root.
 * - `features`: index of each node's feature, below `feature_count`; SAEK_NONE for a node that only groups.
 * - `exclusive`: 1 where at most one child of the node may be active, else 0.
 * - `scaled`: 1 where the node's children are scaled by the activation of their nearest ancestor with a feature,
 *   divided by that feature's mean, else 0; NULL where none are.
 * - `nodes`: the length of the four.
 * - `feature_count`: length of the rows it will be applied to. Features without a node are free.
 * - `plan`, `plan_len`: as many numbers as `saek_hierarchy_plan_len` says; written.
 * - `workspace`: as `saek_plan_hierarchy_workspace` says.
 *
 * Status: those of `saek_hierarchy_validate`; UNKNOWN_VALUE (scaled); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP
 * (any pointer); SHAPE (plan).
 * Cost: O(nodes log nodes).
 */
saek_status saek_plan_hierarchy(const uint32_t *parents, const uint32_t *features, const uint8_t *exclusive,
    const uint8_t *scaled, size_t nodes, size_t feature_count, uint32_t *plan, size_t plan_len,
    void *workspace, size_t workspace_bytes);

/**
 * Says how much workspace `saek_hierarchy_apply_f32` needs: about 32 bytes a node.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_hierarchy_apply_f32_workspace(size_t nodes, size_t *bytes, size_t *align);

/** As `saek_hierarchy_apply_f32_workspace`, for `saek_hierarchy_apply_f64`. */
saek_status saek_hierarchy_apply_f64_workspace(size_t nodes, size_t *bytes, size_t *align);

/**
 * Applies a hierarchy to the rows of `activations`.
 *
 * From the roots downwards: the feature of a node becomes 0 where its parent is inactive; then, where the node is
 * active and its children exclude each other, one of the active children with features, chosen uniformly, stays
 * and the others become 0. A node is active where its feature is > 0, and one without a feature where its parent is,
 * or always if it is a root. Features without a node are left alone.
 *
 * - `parents`, `features`, `exclusive`, `nodes`: the forest, as for `saek_hierarchy_validate` with `cols` features.
 * - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed; its choices do
 *   not depend on the batch.
 * - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `workspace`: as `saek_hierarchy_apply_f32_workspace` says.
 *
 * Status: those of `saek_hierarchy_validate`; EMPTY, STRIDE (activations); SIZE_OVERFLOW (first_row) where
 * first_row + rows exceeds 2^64 - 1.
 * Cost: at every call the forest is checked again, O(nodes log nodes); `saek_hierarchy_apply_planned_f32` saves that.
 * Then a pass over the rows, and O(f log f) for a row in which f features with nodes are not 0.
 */
saek_status saek_hierarchy_apply_f32(const uint32_t *parents, const uint32_t *features,
    const uint8_t *exclusive, size_t nodes, uint64_t seed, uint64_t stream, uint64_t first_row,
    float *activations, size_t rows, size_t cols, size_t stride, void *workspace, size_t workspace_bytes);

/** As `saek_hierarchy_apply_f32`, in double precision. */
saek_status saek_hierarchy_apply_f64(const uint32_t *parents, const uint32_t *features,
    const uint8_t *exclusive, size_t nodes, uint64_t seed, uint64_t stream, uint64_t first_row,
    double *activations, size_t rows, size_t cols, size_t stride, void *workspace, size_t workspace_bytes);

/**
 * Computes all latents of a batch: latents = hidden dictionary^T + bias.
 *
 * The product of `saek_project_dense_f32` with the dictionary transposed: what an encoder with the rows of `dictionary`
 * computes before its nonlinearity, and the gradient of a loss with respect to the activations, where `hidden` is that
 * with respect to the hidden vectors.
 *
 * - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart.
 * - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
 * - `bias`: `features` numbers added to each row; NULL for none.
 * - `latents`: `rows` by `features`, row-major, rows `latents_stride` elements apart; written.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (hidden, dictionary, latents); MISALIGNED,
 * SIZE_OVERFLOW (bias); NOT_A_NUMBER, INFINITE (hidden, dictionary, bias); OVERLAP (latents).
 * Cost: 2 rows features cols flops, no workspace. Deterministic on one machine.
 */
saek_status saek_latents_dense_f32(const float *hidden, size_t rows, size_t cols, size_t hidden_stride,
    const float *dictionary, size_t features, size_t dictionary_stride, const float *bias, float *latents,
    size_t latents_stride);

/** As `saek_latents_dense_f32`, in double precision. */
saek_status saek_latents_dense_f64(const double *hidden, size_t rows, size_t cols, size_t hidden_stride,
    const double *dictionary, size_t features, size_t dictionary_stride, const double *bias, double *latents,
    size_t latents_stride);

/**
 * Computes the latents at the places of a sparse batch: latents[k] = hidden_r . dictionary_j + bias_j for its k-th
 * non-zero, in row r and column j.
 *
 * - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart.
 * - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
 * - `bias`: `features` numbers; NULL for none.
 * - `row_offsets`, `columns`, `rows`, `features`: the places, as for `saek_project_csr_f32`.
 * - `nnz`: the number of places, which is row_offsets[rows].
 * - `latents`: `nnz` numbers, written. `columns` and `latents` may be NULL where `nnz` is 0.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (hidden, dictionary); MISALIGNED, SIZE_OVERFLOW
 * (bias); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (row_offsets, columns, latents); UNSORTED (row_offsets,
    columns);
 * SHAPE (columns, latents) where `nnz` is not row_offsets[rows]; INDEX_OUT_OF_RANGE (columns); NOT_A_NUMBER, INFINITE
 * (hidden, dictionary, bias); OVERLAP (latents).
 * Cost: 2 nnz cols flops, and passes over hidden and dictionary to check them; no workspace. The same bits on every
 * platform: a product is summed in 16 lanes, which are added in a fixed tree.
 */
saek_status saek_latents_at_f32(const float *hidden, size_t rows, size_t cols, size_t hidden_stride,
    const float *dictionary, size_t features, size_t dictionary_stride, const float *bias,
    const int64_t *row_offsets, const uint32_t *columns, size_t nnz, float *latents);

/** As `saek_latents_at_f32`, in double precision. */
saek_status saek_latents_at_f64(const double *hidden, size_t rows, size_t cols, size_t hidden_stride,
    const double *dictionary, size_t features, size_t dictionary_stride, const double *bias,
    const int64_t *row_offsets, const uint32_t *columns, size_t nnz, double *latents);

/**
 * Fills `factor` and `diagonal` with a random correlation C = F F^T + diag(delta) of unit diagonal.
 *
 * f_ij = scale N(0, 1) and delta_i = 1 - |f_i|^2. Where that would be less than 0.01, row i is scaled to |f_i|^2 = 0.99
 * instead. Row i is a function of (seed, stream, i, cols, scale), however many rows there are.
 *
 * - `scale`: finite, >= 0; 0.075 to 0.1 are usual, for ranks of 10 to 100.
 * - `seed`, `stream`: name the random numbers.
 * - `factor`: F, `rows` by `cols`, row-major, rows `stride` elements apart, a row for each feature; written.
 * - `diagonal`: delta, `rows` of them; written.
 * - `capped`: written: the number of rows that were scaled to 0.99.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (factor, diagonal, capped); EMPTY,
    STRIDE (factor);
 * NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (scale).
 * Cost: 2 rows cols normal numbers, no workspace. The same on every platform.
 */
saek_status saek_low_rank_factor_f32(double scale, uint64_t seed, uint64_t stream, float *factor, size_t rows,
    size_t cols, size_t stride, float *diagonal, size_t *capped);

/** As `saek_low_rank_factor_f32`, in double precision. */
saek_status saek_low_rank_factor_f64(double scale, uint64_t seed, uint64_t stream, double *factor,
    size_t rows, size_t cols, size_t stride, double *diagonal, size_t *capped);

/**
 * Writes to `count` the length of a plan: features, rounded up to 32 in single precision and 16 in double, times rank
 * + 1.
 *
 * - `features`: number of features, in 1..2^32 - 1.
 * - `rank`: columns of the factor, >= 1.
 * - `count`: written.
 *
 * Status: EMPTY, OUT_OF_RANGE (features); EMPTY (rank); SIZE_OVERFLOW (plan); NULL_POINTER, MISALIGNED (count).
 */
saek_status saek_low_rank_plan_len_f32(size_t features, size_t rank, size_t *count);

/** As `saek_low_rank_plan_len_f32`, in double precision. */
saek_status saek_low_rank_plan_len_f64(size_t features, size_t rank, size_t *count);

/**
 * Lays out a correlation of low rank and firing probabilities in `plan`, for `saek_sample_low_rank_csr_f32` and its
 * like.
 *
 * - `factor`: F, `rows` by `cols`, row-major, rows `stride` elements apart, a row for each feature.
 * - `diagonal`: delta, `rows` of them, > 0, with |f_i|^2 + delta_i = 1 to 1.001e-5.
 * - `probabilities`: `probability_count` of them, which is `rows`, or 1 for all features alike; each in [0, 1].
 * - `plan`: `plan_len` numbers, as many as `saek_low_rank_plan_len_f32` says; written.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE
 * (factor); OUT_OF_RANGE (features) for 2^32 rows or more; NOT_A_NUMBER, INFINITE, OUT_OF_RANGE, DIAGONAL_NOT_ONE
 * (diagonal); EMPTY, SHAPE, NOT_A_NUMBER, OUT_OF_RANGE (probabilities); EMPTY, SHAPE (plan).
 * Cost: a few passes over the factor and a quantile a feature, no workspace. The same on every platform.
 */
saek_status saek_plan_low_rank_f32(const float *factor, size_t rows, size_t cols, size_t stride,
    const float *diagonal, const float *probabilities, size_t probability_count, float *plan,
    size_t plan_len);

/** As `saek_plan_low_rank_f32`, in double precision. */
saek_status saek_plan_low_rank_f64(const double *factor, size_t rows, size_t cols, size_t stride,
    const double *diagonal, const double *probabilities, size_t probability_count, double *plan,
    size_t plan_len);

/**
 * Says how much workspace `saek_sample_low_rank_f32` and `saek_sample_low_rank_csr_f32` need: 48 bits a feature and 48
 * numbers a dimension of the factor.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_sample_low_rank_f32_workspace(size_t features, size_t rank, size_t *bytes, size_t *align);

/** As `saek_sample_low_rank_f32_workspace`, in double precision. */
saek_status saek_sample_low_rank_f64_workspace(size_t features, size_t rank, size_t *bytes, size_t *align);

/**
 * Writes samples of features whose correlation has low rank in compressed sparse rows (CSR).
 *
 * The law is that of `saek_sample_correlated_f32` for C = F F^T + diag(delta): feature i fires where z_i of z ~ N(0,
 * C) exceeds its limit, and then is relu(means[i] + std_devs[i] g) with another normal g; what the relu makes zero is
 * left out. Given the factors' part of z, features fire independently, and only those are looked at on whose stretch
 * of a line one of few random points lies, which gives that law exactly.
 *
 * - `plan`: `plan_len` numbers, as `saek_plan_low_rank_f32` writes them for `features` and `rank`. One that was
 *   overwritten gives samples in proper form, whose law is another.
 * - `means`, `std_devs`: `mean_count` and `std_dev_count` of them, each `features`, or 1 for all features alike;
 *   std_devs >= 0.
 * - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed, and does not
 *   depend on the batch that it is drawn in.
 * - `rows`: number of samples, >= 1.
 * - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
 * - `columns`, `values`: the features and the activations, `capacity` elements each, written as far as there are
 *   non-zeros. Either may be NULL where `capacity` is 0.
 * - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
 *   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
 *   been written.
 * - `workspace`: as `saek_sample_low_rank_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, OUT_OF_RANGE (features); EMPTY
 * (rank); EMPTY, SHAPE (plan); EMPTY, SHAPE, NOT_A_NUMBER, INFINITE (means, std_devs); OUT_OF_RANGE (std_devs) for a
 * negative one; EMPTY (rows); SIZE_OVERFLOW (first_row) where first_row + rows exceeds 2^64 - 1; WORKSPACE_TOO_SMALL
 * (workspace); CAPACITY (capacity).
 * Cost: 2 features rank flops and a polynomial a feature and row, in vectors; 1 to 1.09 exponential numbers a firing,
 * and a normal number where the standard deviation is > 0. The same bits on all CPUs with fused multiplication and
 * addition.
 */
saek_status saek_sample_low_rank_csr_f32(const float *plan, size_t plan_len, size_t features, size_t rank,
    const float *means, size_t mean_count, const float *std_devs, size_t std_dev_count, uint64_t seed,
    uint64_t stream, uint64_t first_row, size_t rows, int64_t *row_offsets, uint32_t *columns, float *values,
    size_t capacity, void *workspace, size_t workspace_bytes);

/** As `saek_sample_low_rank_csr_f32`, in double precision. */
saek_status saek_sample_low_rank_csr_f64(const double *plan, size_t plan_len, size_t features, size_t rank,
    const double *means, size_t mean_count, const double *std_devs, size_t std_dev_count, uint64_t seed,
    uint64_t stream, uint64_t first_row, size_t rows, int64_t *row_offsets, uint32_t *columns, double *values,
    size_t capacity, void *workspace, size_t workspace_bytes);

/**
 * Fills `activations` with samples of features whose correlation has low rank: those of
 * `saek_sample_low_rank_csr_f32`, to the bit.
 *
 * - `plan`: `plan_len` numbers, as `saek_plan_low_rank_f32` writes them for `features` and `rank`. One that was
 *   overwritten gives samples in proper form, whose law is another.
 * - `means`, `std_devs`: `mean_count` and `std_dev_count` of them, each `features`, or 1 for all features alike;
 *   std_devs >= 0.
 * - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed, and does not
 *   depend on the batch that it is drawn in.
 * - `activations`: `rows` by `features`, row-major, rows `stride` elements apart; written.
 * - `workspace`: as `saek_sample_low_rank_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, OUT_OF_RANGE (features); EMPTY
 * (rank); EMPTY, SHAPE (plan); EMPTY, SHAPE, NOT_A_NUMBER, INFINITE (means, std_devs); OUT_OF_RANGE (std_devs) for a
 * negative one; EMPTY, STRIDE (activations); SIZE_OVERFLOW (first_row) where first_row + rows exceeds 2^64 - 1;
 * WORKSPACE_TOO_SMALL (workspace).
 * Cost: as for `saek_sample_low_rank_csr_f32`, and rows features zeros written.
 */
saek_status saek_sample_low_rank_f32(const float *plan, size_t plan_len, size_t features, size_t rank,
    const float *means, size_t mean_count, const float *std_devs, size_t std_dev_count, uint64_t seed,
    uint64_t stream, uint64_t first_row, float *activations, size_t rows, size_t stride, void *workspace,
    size_t workspace_bytes);

/** As `saek_sample_low_rank_f32`, in double precision. */
saek_status saek_sample_low_rank_f64(const double *plan, size_t plan_len, size_t features, size_t rank,
    const double *means, size_t mean_count, const double *std_devs, size_t std_dev_count, uint64_t seed,
    uint64_t stream, uint64_t first_row, double *activations, size_t rows, size_t stride, void *workspace,
    size_t workspace_bytes);

/**
 * Fills `out[count]` with evenly spaced magnitudes from `start` to `end`: x_i = start + (end - start) i/(n - 1).
 *
 * Both ends are included; one feature gets `start`. For means or standard deviations of firing magnitudes.
 *
 * - `out`: `count` numbers, written.
 * - `count`: number of features n, >= 1.
 * - `start`, `end`: > 0 and finite, rounded to the type of `out` too.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (start,
 * end).
 * Cost: count products, no workspace. The same on every platform.
 */
saek_status saek_linear_magnitudes_f32(float *out, size_t count, double start, double end);

/** As `saek_linear_magnitudes_f32`, in double precision. */
saek_status saek_linear_magnitudes_f64(double *out, size_t count, double start, double end);

/**
 * Fills `out[count]` with magnitudes in even ratios from `start` to `end`: x_i = start (end/start)^(i/(n - 1)).
 *
 * Both ends are included, exactly; one feature gets `start`. For means or standard deviations of firing magnitudes.
 *
 * - `out`: `count` numbers, written.
 * - `count`: number of features n, >= 1.
 * - `start`, `end`: > 0 and finite, rounded to the type of `out` too.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (start,
 * end).
 * Cost: 2 count powers in double precision, no workspace. The same on every platform.
 */
saek_status saek_exponential_magnitudes_f32(float *out, size_t count, double start, double end);

/** As `saek_exponential_magnitudes_f32`, in double precision. */
saek_status saek_exponential_magnitudes_f64(double *out, size_t count, double start, double end);

/** Fills `params` with the defaults. */
saek_status saek_folded_normal_params_init(struct saek_folded_normal_params *params);

/**
 * Fills `out[count]` with magnitudes |mean + std_dev N(0, 1)|, clamped to [min_magnitude, max_magnitude].
 *
 * For means or standard deviations of firing magnitudes.
 *
 * - `out`: `count` numbers, written.
 * - `count`: number of features, >= 1.
 * - `params`: null for the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params); NOT_A_NUMBER,
 * INFINITE, OUT_OF_RANGE (mean, std_dev, min_magnitude; max_magnitude, which may be infinite); ORDER (min_magnitude)
 * unless it is <= max_magnitude.
 * Cost: count normal numbers, no workspace. Element i is a function of (seed, i), the same on every platform.
 */
saek_status saek_folded_normal_magnitudes_f32(float *out, size_t count,
    const struct saek_folded_normal_params *params);

/** As `saek_folded_normal_magnitudes_f32`, in double precision. */
saek_status saek_folded_normal_magnitudes_f64(double *out, size_t count,
    const struct saek_folded_normal_params *params);

/** Fills `params` with the defaults. */
saek_status saek_match_params_init(struct saek_match_params *params);

/**
 * Matches two dictionaries one to one so that the sum of their similarities is greatest: exactly, and
 * without forming the matrix of their cosines.
 *
 * total = max over p of the sum of s(a_i, b_p(i)), where p gives each vector of the smaller dictionary one
 * of the larger, no two the same; s = |cos| or cos as `params` says, with cos(x, y) = <x, y> / (max(|x|,
 * 1e-8) max(|y|, 1e-8)), within [-1, 1]. With |cos|, total / min(a_rows, b_rows) is the mean correlation
 * coefficient of `saek_mcc_f32`.
 *
 * The duals prove it: u_i + v_j >= s(a_i, b_j) for all pairs, with equality for the matched ones, and, on
 * the larger side, duals >= 0 that are 0 where unmatched, all to a rounding. So sum(u) + sum(v) = total, and
 * no matching is better. `saek_verify_matching_f32` checks that.
 *
 * - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
 * - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
 * - `params`: null for the defaults.
 * - `row_to_col`: null, or a_rows indices, written: the row of `b` matched to each row of `a`, -1 for none.
 * - `row_duals`, `col_duals`: null, or a_rows and b_rows values, written: u and v.
 * - `best_of_rows`: null, or a_rows indices, written: for each row of `a` the row of `b` most similar to it,
 *   whoever else has it; the first of equals. `saek_uniqueness_of_matches` and `saek_ordering_of_matches` start
 *   from it.
 * - `best_of_cols`: null, or b_rows indices, written: for each row of `b` the row of `a` most similar to it.
 * - `total`: one value, written: the sum of the matched pairs' similarities.
 * - `workspace`, `workspace_bytes`: as `saek_match_dictionaries_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER,
 * INFINITE, SIZE_OVERFLOW for 2^32 - 1 vectors or more (a, b); STRUCT_SIZE (params); WORKSPACE_TOO_SMALL
 * (workspace); UNKNOWN_VALUE (similarity); OUT_OF_RANGE (threads: more than one in a library without
 * threads).
 * Method: the solver of `saek_assignment_f32`, which reads each row of costs about once; rows are multiplied
 * out when it asks for them, their cheapest columns kept in lists. Cost: 2 a_rows b_rows cols flops, as much
 * again if duals are asked for, and 2 cols max(a_rows, b_rows) for each row that has to be computed again:
 * few or none for unrelated dictionaries and for copies of one another, many where more than a sixteenth of
 * all vectors lie close together. Deterministic on one machine, for any number of threads.
 * Source: Jonker and Volgenant 1987, Crouse 2016 for the matching; Goto and van de Geijn 2008 for the
 * products; the definition of similarity is that of sae-lens.
 */
saek_status saek_match_dictionaries_f32(const float *a, size_t a_rows, size_t a_stride, const float *b,
    size_t b_rows, size_t b_stride, size_t cols, const struct saek_match_params *params, int64_t *row_to_col,
    double *row_duals, double *col_duals, int64_t *best_of_rows, int64_t *best_of_cols, double *total,
    void *workspace, size_t workspace_bytes);

/** As `saek_match_dictionaries_f32`, in double precision. */
saek_status saek_match_dictionaries_f64(const double *a, size_t a_rows, size_t a_stride, const double *b,
    size_t b_rows, size_t b_stride, size_t cols, const struct saek_match_params *params, int64_t *row_to_col,
    double *row_duals, double *col_duals, int64_t *best_of_rows, int64_t *best_of_cols, double *total,
    void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_match_dictionaries_f32` and
 * `saek_verify_matching_f32`.
 *
 * With k the smaller and l the larger of a_rows and b_rows and s bytes an element: (cols + 96) l s for the
 * packed larger dictionary and a block of similarities, 96 cols s for vectors of the smaller one, (4 + s)
 * min(l, max(128, 5 l / 64), 1280) + 100 for each of the k vectors of the smaller one, and some 90 for each
 * of the l: 211 MB where both dictionaries are 16384 by 512. The least is about 9 KB s.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_match_dictionaries_f32_workspace(size_t a_rows, size_t b_rows, size_t cols, size_t *bytes,
    size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_match_dictionaries_f64` and
 * `saek_verify_matching_f64`; as `saek_match_dictionaries_f32_workspace`.
 */
saek_status saek_match_dictionaries_f64_workspace(size_t a_rows, size_t b_rows, size_t cols, size_t *bytes,
    size_t *align);

/**
 * Measures a matching of two dictionaries and the duals, from any source, that are to prove it the best.
 *
 * All a_rows b_rows similarities are computed anew, in blocks, and judged as `saek_verify_assignment_f32`
 * judges costs when maximising: with n = max(a_rows, b_rows), the duals are feasible if u_i + v_j >= s(a_i,
 * b_j) for every pair and, where a_rows and b_rows differ, those of the longer side are >= 0; infeasibility
 * is the most by which one of these fails; gap = dual_objective - objective, and
 * optimum - objective <= gap + n * infeasibility. That is exact for the similarities as computed, which are
 * rounded in the precision of the dictionaries.
 *
 * - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
 * - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
 * - `params`: null for the defaults; those of the matching.
 * - `row_to_col`: a_rows indices: the row of `b` matched to each row of `a`, -1 for none; min(a_rows,
 *   b_rows) rows have one.
 * - `row_duals`, `col_duals`: a_rows and b_rows values, u and v, of magnitude <= DBL_MAX / 2.
 * - `certificate`: its struct_size set before, as by `saek_certificate_init`; written.
 * - `workspace`, `workspace_bytes`: as `saek_match_dictionaries_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER,
 * INFINITE, SIZE_OVERFLOW for 2^32 - 1 vectors or more (a, b); STRUCT_SIZE (params, certificate);
 * WORKSPACE_TOO_SMALL (workspace); UNKNOWN_VALUE (similarity); OUT_OF_RANGE (threads: more than one in a
 * library without threads); INDEX_OUT_OF_RANGE, DUPLICATE_INDEX, SHAPE (too few rows matched) (row_to_col);
 * NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (row_duals, col_duals).
 * Cost: 2 a_rows b_rows cols flops. Deterministic on one machine, for any number of threads.
 * Source: as for `saek_verify_assignment_f32`; the similarities are those of `saek_match_dictionaries_f32`.
 */
saek_status saek_verify_matching_f32(const float *a, size_t a_rows, size_t a_stride, const float *b,
    size_t b_rows, size_t b_stride, size_t cols, const struct saek_match_params *params,
    const int64_t *row_to_col, const double *row_duals, const double *col_duals,
    struct saek_certificate *certificate, void *workspace, size_t workspace_bytes);

/** As `saek_verify_matching_f32`, in double precision. */
saek_status saek_verify_matching_f64(const double *a, size_t a_rows, size_t a_stride, const double *b,
    size_t b_rows, size_t b_stride, size_t cols, const struct saek_match_params *params,
    const int64_t *row_to_col, const double *row_duals, const double *col_duals,
    struct saek_certificate *certificate, void *workspace, size_t workspace_bytes);

/**
 * Writes the cosine of every row of `a` with every row of `b` into a_rows by b_rows values, as for a heat map.
 *
 * out_ij = <a_i, b_j> / (max(|a_i|, 1e-8) max(|b_j|, 1e-8)), within [-1, 1].
 *
 * - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
 * - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
 * - `out`, `out_stride`: a_rows rows of b_rows cosines, `out_stride` elements apart, written.
 * - `workspace`, `workspace_bytes`: as `saek_cosine_similarities_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE
 * (a, b); STRIDE (similarities, which is `out`); WORKSPACE_TOO_SMALL (workspace).
 * Cost: 2 a_rows b_rows cols flops; (a_rows + b_rows) cols elements. Deterministic on one machine.
 */
saek_status saek_cosine_similarities_f32(const float *a, size_t a_rows, size_t a_stride, const float *b,
    size_t b_rows, size_t b_stride, size_t cols, float *out, size_t out_stride, void *workspace,
    size_t workspace_bytes);

/** As `saek_cosine_similarities_f32`, in double precision. */
saek_status saek_cosine_similarities_f64(const double *a, size_t a_rows, size_t a_stride, const double *b,
    size_t b_rows, size_t b_stride, size_t cols, double *out, size_t out_stride, void *workspace,
    size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_cosine_similarities_f32`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_cosine_similarities_f32_workspace(size_t a_rows, size_t b_rows, size_t cols, size_t *bytes,
    size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_cosine_similarities_f64`; as `saek_cosine_similarities_f32_workspace`.
 */
saek_status saek_cosine_similarities_f64_workspace(size_t a_rows, size_t b_rows, size_t cols, size_t *bytes,
    size_t *align);

/**
 * Writes the mean correlation coefficient of two dictionaries, in [0, 1].
 *
 * With S_ij = |cos(a_i, b_j)|, norms below 1e-8 taken as 1e-8: the mean of S over the min(a_rows, b_rows) pairs
 * of the one-to-one matching with the greatest sum. The definition of sae-lens.
 *
 * - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
 * - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
 * - `mcc`: one value, written.
 * - `row_to_col`: null, or a_rows indices, written: the row of `b` matched to each row of `a`, -1 for none.
 * - `workspace`, `workspace_bytes`: as `saek_mcc_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE
 * (a, b); WORKSPACE_TOO_SMALL (workspace).
 * Cost: that of `saek_match_dictionaries_f32`, which also gives duals: 2 a_rows b_rows cols flops and a little more. The
 * a_rows b_rows cosines are never all in memory. Deterministic on one machine.
 */
saek_status saek_mcc_f32(const float *a, size_t a_rows, size_t a_stride, const float *b, size_t b_rows,
    size_t b_stride, size_t cols, double *mcc, int64_t *row_to_col, void *workspace, size_t workspace_bytes);

/** As `saek_mcc_f32`, in double precision. */
saek_status saek_mcc_f64(const double *a, size_t a_rows, size_t a_stride, const double *b, size_t b_rows,
    size_t b_stride, size_t cols, double *mcc, int64_t *row_to_col, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_mcc_f32`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_mcc_f32_workspace(size_t a_rows, size_t b_rows, size_t cols, size_t *bytes, size_t *align);

/** Writes the size and the alignment of the workspace of `saek_mcc_f64`; as `saek_mcc_f32_workspace`. */
saek_status saek_mcc_f64_workspace(size_t a_rows, size_t b_rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Writes the order of latents by the feature that each resembles most, which makes a heat map look diagonal.
 *
 * ordering = argsort_i argmax_j |cos(latent_i, feature_j)|: `ordering[k]` is the latent to draw in row k. Stable; among
 * equal cosines the first feature counts. The definition of sae-lens.
 *
 * - `latents`, `latents_rows`, `latents_stride`: latents_rows vectors of `cols` entries, `latents_stride` elements apart.
 * - `features`, `features_rows`, `features_stride`: as many entries each; may be the memory of `latents`.
 * - `ordering`: latents_rows indices, written.
 * - `workspace`, `workspace_bytes`: as `saek_best_ordering_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
 * SIZE_OVERFLOW for 2^32 - 1 vectors or more (latents, features); WORKSPACE_TOO_SMALL (workspace).
 * Cost: 2 latents_rows features_rows cols flops; the cosines are never all in memory. Workspace: features_rows cols +
 * 96 (features_rows + cols) elements, features_rows rounded up to 64, and latents_rows indices. Deterministic on one
 * machine.
 */
saek_status saek_best_ordering_f32(const float *latents, size_t latents_rows, size_t latents_stride,
    const float *features, size_t features_rows, size_t features_stride, size_t cols, int64_t *ordering,
    void *workspace, size_t workspace_bytes);

/** As `saek_best_ordering_f32`, in double precision. */
saek_status saek_best_ordering_f64(const double *latents, size_t latents_rows, size_t latents_stride,
    const double *features, size_t features_rows, size_t features_stride, size_t cols, int64_t *ordering,
    void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_best_ordering_f32`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_best_ordering_f32_workspace(size_t latents_rows, size_t features_rows, size_t cols,
    size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_best_ordering_f64`; as `saek_best_ordering_f32_workspace`.
 */
saek_status saek_best_ordering_f64_workspace(size_t latents_rows, size_t features_rows, size_t cols,
    size_t *bytes, size_t *align);

/**
 * Sets the size of `shape` and everything else to zero, as `saek_model_shape` wants it.
 *
 * Status: NULL_POINTER, MISALIGNED (shape).
 */
saek_status saek_model_sizes_init(struct saek_model_sizes *shape);

/**
 * Reads a model from the folder `path`, as sae-lens 6.54 and `saek_model_write_f32` save it, and gives it in `model`.
 *
 * The folder holds synthetic_model_config.json, synthetic_model.safetensors and, for a hierarchy, hierarchy.json.
 * Nothing in them is trusted: what is read is bounded by their length, every size is compared with the others, and
 * numbers that are not finite and probabilities outside [0, 1] are refused.
 *
 * - `path`: ends in a NUL; in UTF-8 where the system's names are not bytes.
 * - `model`: written, to be given to `saek_model_close`.
 *
 * Status: UNSUPPORTED (call) in a build without files; NULL_POINTER (path, model), MISALIGNED, OVERLAP (model); EMPTY
 * (path); UNREADABLE (path) for a file that cannot be opened or is not there; MALFORMED for one that is not of its
 * format (config, weights, hierarchy) and for an array that is not there or of integers; SHAPE, NOT_A_NUMBER,
 * INFINITE, OUT_OF_RANGE (dictionary, bias, probabilities, factor, diagonal); those of `saek_hierarchy_validate`;
 * OUT_OF_RANGE (parents) for a hierarchy deeper than 60; EMPTY, OUT_OF_RANGE, UNKNOWN_VALUE, SHAPE (config).
 * Cost: linear in the length of the files; memory of a small multiple of it, from Rust's allocator.
 * Source: SyntheticModel.load_from_disk of sae-lens.
 */
saek_status saek_model_open(const char *path, struct saek_model **model);

/**
 * Writes the sizes of a model, which the other functions want, into `shape`.
 *
 * Status: UNSUPPORTED (call); NULL_POINTER, MISALIGNED (model, shape); UNKNOWN_VALUE (model) for what is no model;
 * STRUCT_SIZE, OVERLAP (shape).
 */
saek_status saek_model_shape(const struct saek_model *model, struct saek_model_sizes *shape);

/**
 * Copies the arrays of a model, each rounded to single precision where it is kept in double; a null pointer leaves
 * one out.
 *
 * - `dictionary`: `rows` by `cols`, rows `dictionary_stride` elements apart.
 * - `bias`: `cols` values, zeros where there is none.
 * - `probabilities`: `rows` values.
 * - `means`, `std_devs`: `rows` values each, computed from the rules of the configuration. Where a rule draws them
 *   (folded normal), they are numbers of the same law as those of sae-lens, but others, from the seeds that are 2 and
 *   1 more than the model's, or than 0 for a model without.
 * - `factor`, `diagonal`: `rows` by `rank`, rows `factor_stride` elements apart, and `rows` values, where the
 *   correlations are factor factor^T + diag(diagonal); null where rank is 0.
 *
 * Status: UNSUPPORTED (call); NULL_POINTER (model), UNKNOWN_VALUE (model) for what is no model; SHAPE (rows, cols,
 * factor) unless rows, cols and rank are the model's; MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); STRIDE
 * (dictionary, factor); EMPTY (factor, diagonal) where they are given but rank is 0; OUT_OF_RANGE (the array) for
 * numbers beyond single precision, and (config) for rules whose magnitudes would overflow.
 * Cost: what is copied, and memory for the magnitudes.
 */
saek_status saek_model_read_f32(const struct saek_model *model, float *dictionary, size_t rows, size_t cols,
    size_t dictionary_stride, float *bias, float *probabilities, float *means, float *std_devs, float *factor,
    size_t rank, size_t factor_stride, float *diagonal);

/** As `saek_model_read_f32`, in double precision. */
saek_status saek_model_read_f64(const struct saek_model *model, double *dictionary, size_t rows, size_t cols,
    size_t dictionary_stride, double *bias, double *probabilities, double *means, double *std_devs,
    double *factor, size_t rank, size_t factor_stride, double *diagonal);

/**
 * Copies the forest of a model, in depth-first order; what `saek_hierarchy_validate` takes.
 *
 * - `parents`, `features`, `exclusive`: `nodes` values each, as there.
 * - `scaled`: `nodes` values, 1 where children are scaled by their parent (scale_children_by_parent), else 0; or null.
 *
 * Status: UNSUPPORTED (call); NULL_POINTER, MISALIGNED, OVERLAP (any pointer); UNKNOWN_VALUE (model) for what is no
 * model; SHAPE (nodes) unless it is the model's number, which is not 0.
 */
saek_status saek_model_hierarchy(const struct saek_model *model, uint32_t *parents, uint32_t *features,
    uint8_t *exclusive, uint8_t *scaled, size_t nodes);

/**
 * Copies the JSON of a model's configuration, ended by a NUL, into `out[capacity]`.
 *
 * Status: UNSUPPORTED (call); NULL_POINTER, OVERLAP (out), UNKNOWN_VALUE (model) for what is no model; CAPACITY (out)
 * where capacity is not larger than the config_bytes of `saek_model_shape`.
 */
saek_status saek_model_config(const struct saek_model *model, char *out, size_t capacity);

/**
 * Frees a model; null is allowed, as for free.
 *
 * Status: UNSUPPORTED (call); MISALIGNED, UNKNOWN_VALUE (model) for what is no model.
 */
saek_status saek_model_close(struct saek_model *model);

/**
 * Saves a model in the folder `path`, which must not be there or be empty.
 *
 * The files are written to a folder beside it, which is given its name when they are whole and on the disk: a crash
 * leaves no half model. sae-lens 6.54 loads the folder if the configuration has no keys of others.
 *
 * - `path`: ends in a NUL; in UTF-8 where the system's names are not bytes.
 * - `config`: the JSON of a SyntheticModelConfig, ended by a NUL. Means and standard deviations are there, and have no
 *   other place. num_features and hidden_dim must be rows and cols.
 * - `dictionary`: `rows` by `cols`, rows `dictionary_stride` elements apart.
 * - `bias`: `cols` values, or null for zeros.
 * - `probabilities`: `rows` values in [0, 1].
 * - `factor`, `diagonal`: `rows` by `rank`, rows `factor_stride` elements apart, and `rows` values >= 0; both may be
 *   null where rank is 0.
 * - `parents`, `features`, `exclusive`, `scaled`, `nodes`: the forest as from `saek_model_hierarchy`, in any order; all
 *   may be null where nodes is 0, and `scaled` where no children are scaled.
 *
 * Status: UNSUPPORTED (call); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (any pointer); EMPTY (path, dictionary, factor),
 * STRIDE (dictionary, factor); those of `saek_model_open` about the config, the arrays and the hierarchy; SHAPE
 * (config) where its sizes are others, or where it asks for a hierarchy or correlations and there are none; UNWRITABLE
 * (path).
 * Cost: what is written, and memory for a copy of it.
 * Source: SyntheticModel.save of sae-lens.
 */
saek_status saek_model_write_f32(const char *path, const char *config, const float *dictionary, size_t rows,
    size_t cols, size_t dictionary_stride, const float *bias, const float *probabilities, const float *factor,
    size_t rank, size_t factor_stride, const float *diagonal, const uint32_t *parents,
    const uint32_t *features, const uint8_t *exclusive, const uint8_t *scaled, size_t nodes);

/** As `saek_model_write_f32`, in double precision. */
saek_status saek_model_write_f64(const char *path, const char *config, const double *dictionary, size_t rows,
    size_t cols, size_t dictionary_stride, const double *bias, const double *probabilities,
    const double *factor, size_t rank, size_t factor_stride, const double *diagonal, const uint32_t *parents,
    const uint32_t *features, const uint8_t *exclusive, const uint8_t *scaled, size_t nodes);

/**
 * Lets a function of the caller's change a sparse batch, row by row, applies a relu, and drops what is 0, in place.
 *
 * - `row_offsets`, `columns`, `values`, `capacity`, `rows`, `features`: the batch, as for
 *   `saek_hierarchy_apply_csr_f32`; what is left is moved to the front in the same way.
 * - `first_row`: number of the first row.
 * - `modify`: called for each row, in order; NULL for none, which leaves the relu.
 * - `context`: handed to `modify`.
 *
 * Status: those of `saek_hierarchy_apply_csr_f32` on the batch and on `first_row`. CANCELLED (modify) where `modify`
 * breaks off and NOT_A_NUMBER, INFINITE (modify) where it leaves such a number: the batch then has the rows before
 * that one, and empty rows.
 * Cost: two passes over the batch and the calls; no workspace.
 */
saek_status saek_modify_csr_f32(int64_t *row_offsets, uint32_t *columns, float *values, size_t capacity,
    size_t rows, size_t features, uint64_t first_row, saek_modify_row_f32_callback modify, void *context);

/** As `saek_modify_csr_f32`, in double precision. */
saek_status saek_modify_csr_f64(int64_t *row_offsets, uint32_t *columns, double *values, size_t capacity,
    size_t rows, size_t features, uint64_t first_row, saek_modify_row_f64_callback modify, void *context);

/**
 * Fills `params` with the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED (params).
 */
saek_status saek_orthogonalise_resume_params_init(struct saek_orthogonalise_resume_params *params);

/**
 * Makes `state` that of a descent before its first step.
 *
 * Status: NULL_POINTER, MISALIGNED (state).
 */
saek_status saek_orthogonalise_state_init(struct saek_orthogonalise_state *state);

/**
 * Says how much workspace `saek_orthogonalise_resume_f32` needs: rows (rows + cols) numbers for rows <= cols; else
 * cols^2 numbers more than `saek_orthogonalise_apply_f32`, less than 2 rows cols for many rows.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_orthogonalise_resume_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/** As `saek_orthogonalise_resume_f32_workspace`, for `saek_orthogonalise_resume_f64`. */
saek_status saek_orthogonalise_resume_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Goes on with an orthogonalisation whose whole state is the caller's: rows, moments and `state`.
 *
 * At step 0 rows are scaled to unit length. Then up to params->steps steps of Adam are made, as by
 * `saek_orthogonalise_f32`, fewer where the loss ceases to change. Rows are left as they are: call
 * `saek_normalise_rows_f32` when no more steps will be made. A descent in several calls, in one process or in many,
 * gives the bits of one call, and `saek_orthogonalise_f32` those of one call and `saek_normalise_rows_f32`.
 *
 * - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `moments`: 2 rows cols numbers, zero before the first step: the first moments, packed, then the second; read and
 *   written.
 * - `state`: as `saek_orthogonalise_state_init` makes it before the first step; read and written.
 * - `params`: null for the defaults.
 * - `progress`, `context`: called after each step with the loss before its update and the steps counted from the first
 *   of the descent; null for no reports.
 * - `workspace`, `workspace_bytes`: as `saek_orthogonalise_resume_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); NULL_POINTER,
 * MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE for a second moment below zero (moments);
 * NULL_POINTER, MISALIGNED, STRUCT_SIZE (state); MISALIGNED, STRUCT_SIZE (params); OUT_OF_RANGE (step) where steps would
 * reach 2^64 - 1; NOT_A_NUMBER, INFINITE (loss) after the first step; NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
 * (target_cosine, learning_rate, relative_tolerance); OUT_OF_RANGE (threads: more than one in a library without
 * threads); NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL (workspace); OVERLAP for any two arguments. Nothing is then
 * written. CANCELLED (progress) leaves rows, moments and state as they are after the last step: a call can go on from
 * there. DIVERGED (learning_rate) leaves rows and moments without meaning.
 * Cost: 3 rows cols min(rows, cols) flops a step and one pass over rows and moments; one more pass over the rows for
 * each call. The same bits for the same input on the same machine, for any number of threads.
 * Source: `sae_lens.synthetic.orthogonalize_embeddings`; Kingma and Ba 2015 for Adam.
 */
saek_status saek_orthogonalise_resume_f32(float *dictionary, size_t rows, size_t cols, size_t stride,
    float *moments, struct saek_orthogonalise_state *state,
    const struct saek_orthogonalise_resume_params *params, saek_progress_callback progress, void *context,
    void *workspace, size_t workspace_bytes);

/** As `saek_orthogonalise_resume_f32`, in double precision. */
saek_status saek_orthogonalise_resume_f64(double *dictionary, size_t rows, size_t cols, size_t stride,
    double *moments, struct saek_orthogonalise_state *state,
    const struct saek_orthogonalise_resume_params *params, saek_progress_callback progress, void *context,
    void *workspace, size_t workspace_bytes);

/**
 * Sets the size of `plan`, and no features.
 *
 * Status: NULL_POINTER, MISALIGNED (plan).
 */
saek_status saek_firing_plan_init(struct saek_firing_plan *plan);

/**
 * Gives the lengths of a plan's arrays for `features` features.
 *
 * - `probabilities`: `probabilities_len` firing probabilities within [0, 1], one a feature, or one for all.
 * - `features`: in 1..2^32 - 1; the length of `cumulative_hazards` too.
 * - `guide_len`: written: the length of `guide`.
 * - `frequent_len`: written: the length of `frequent` and of `frequent_probabilities`, the number of features with a
 *   probability above 1/2.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE,
    OUT_OF_RANGE (probabilities);
 * EMPTY, OUT_OF_RANGE (features); NULL_POINTER, MISALIGNED, OVERLAP (guide_len, frequent_len).
 * Cost: two passes over the probabilities.
 */
saek_status saek_firing_plan_lengths_f32(const float *probabilities, size_t probabilities_len,
    size_t features, size_t *guide_len, size_t *frequent_len);

/**
 * Lays out firing probabilities for `saek_sample_sparse_csr_f32` and its like.
 *
 * With the hazards h_j = -ln(1 - p_j) of the features with p_j <= 1/2, and 0 for the others, fills
 * `plan->cumulative_hazards` with c_j = h_0 + ... + h_j, `plan->guide` with where to look for a point of the line, and
 * `plan->frequent` and `plan->frequent_probabilities` with the features with p_j > 1/2. The struct itself is not written.
 *
 * - `probabilities`: `probabilities_len` firing probabilities within [0, 1], one a feature, or one for all.
 * - `plan`: its number of features, and arrays of the lengths that `saek_firing_plan_lengths_f32` gives.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE,
    OUT_OF_RANGE (probabilities);
 * NULL_POINTER, MISALIGNED, STRUCT_SIZE (plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER, MISALIGNED,
 * SIZE_OVERFLOW, OVERLAP (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide, frequent) where
 * their lengths are not those of the query.
 * Cost: a logarithm a feature and a few passes; no workspace. At most 22 bytes a feature, 10 where no probability is
 * above 1/2. The same bits on every platform, and for the same probabilities in both precisions. Each feature with 0 < p_j
 * <= 1/2 will fire with its probability to within 2^-52 max(1, c_(n-1)), and c_(n-1) is at most 1.39 times the mean number
 * of firings; p_j > 1/2 is rounded up to a multiple of 2^-53. 0 and 1 are exact.
 */
saek_status saek_plan_firing_f32(const float *probabilities, size_t probabilities_len,
    const struct saek_firing_plan *plan);

/** As `saek_firing_plan_lengths_f32`, for double precision probabilities. */
saek_status saek_firing_plan_lengths_f64(const double *probabilities, size_t probabilities_len,
    size_t features, size_t *guide_len, size_t *frequent_len);

/** As `saek_plan_firing_f32`, for double precision probabilities. */
saek_status saek_plan_firing_f64(const double *probabilities, size_t probabilities_len,
    const struct saek_firing_plan *plan);

/**
 * Sets the size of `firing`, no plan, and the default mean 1 and standard deviation 0.
 *
 * Status: NULL_POINTER, MISALIGNED (firing).
 */
saek_status saek_planned_firing_f32_init(struct saek_planned_firing_f32 *firing);

/** As `saek_planned_firing_f32_init`, for `saek_planned_firing_f64`. */
saek_status saek_planned_firing_f64_init(struct saek_planned_firing_f64 *firing);

/**
 * Says how much workspace functions need that apply a planned hierarchy: 8 bytes a node.
 *
 * For `saek_hierarchy_apply_planned_f32`, `saek_hierarchy_apply_csr_f32` and the same in double precision.
 *
 * - `plan_len`: length of the plan.
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: SHAPE (plan); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_hierarchy_apply_planned_workspace(size_t plan_len, size_t *bytes, size_t *align);

/**
 * Applies a planned hierarchy to the rows of `activations`.
 *
 * From the roots downwards: the feature of a node becomes 0 where its parent is inactive; then, where the node is
 * active and its children exclude each other, one of the active children with features, chosen uniformly, stays and
 * the others become 0; then, where the node scales its children, those that stay are multiplied by a / means[g], a
 * being the activation of g, the nearest feature at or above the node, after its own scaling. A node is active where
 * its feature is > 0, and one without a feature where its parent is, or always if it is a root. Roots and features
 * without a node are left alone.
 *
 * - `plan`, `plan_len`: as `saek_plan_hierarchy` has written it for `cols` features. One that was overwritten does
 *   something else, safely.
 * - `means`: `mean_count` means of the features before the relu, which is `cols`, or 1 for all features alike; NULL
 *   with a count of 0 where no node is scaled, and then not looked at.
 * - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed; its choices do
 *   not depend on the batch.
 * - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `workspace`: as `saek_hierarchy_apply_planned_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); SHAPE (plan); SHAPE (means), OUT_OF_RANGE
 * (means) unless the means of features that scale others are positive and finite; EMPTY,
    STRIDE (activations);
 * SIZE_OVERFLOW (first_row) where first_row + rows exceeds 2^64 - 1; WORKSPACE_TOO_SMALL. DIVERGED (activations) where
 * scaling exceeds the range of the numbers: the rows before that one are then complete.
 * Cost: a pass over the rows, and O(f log f) for a row in which f features with nodes are not 0. The same on every
 * platform.
 */
saek_status saek_hierarchy_apply_planned_f32(const uint32_t *plan, size_t plan_len, const float *means,
    size_t mean_count, uint64_t seed, uint64_t stream, uint64_t first_row, float *activations, size_t rows,
    size_t cols, size_t stride, void *workspace, size_t workspace_bytes);

/** As `saek_hierarchy_apply_planned_f32`, in double precision. */
saek_status saek_hierarchy_apply_planned_f64(const uint32_t *plan, size_t plan_len, const double *means,
    size_t mean_count, uint64_t seed, uint64_t stream, uint64_t first_row, double *activations, size_t rows,
    size_t cols, size_t stride, void *workspace, size_t workspace_bytes);

/**
 * Applies a planned hierarchy to a sparse batch, in place, and drops what becomes 0.
 *
 * The rows are those that `saek_hierarchy_apply_planned_f32` makes of the same batch, to the bit. What is left is
 * moved to the front: the batch is a sparse one again, of row_offsets[rows] non-zeros; what lies behind them means
 * nothing.
 *
 * - `plan`, `plan_len`, `means`, `mean_count`, `seed`, `stream`, `first_row`: as for
 *   `saek_hierarchy_apply_planned_f32`, with `features` for `cols`.
 * - `row_offsets`: rows + 1 offsets that begin at 0 and do not decrease; read and written.
 * - `columns`, `values`: features, strictly increasing in each row, and activations, `capacity` elements each; read and
 *   written. Either may be NULL where `capacity` is 0.
 * - `capacity`: >= row_offsets[rows].
 * - `rows`, `features`: rows and columns of the batch.
 * - `workspace`: as `saek_hierarchy_apply_planned_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); SHAPE (plan); EMPTY (row_offsets) for no
 * rows; EMPTY (cols) for no features; UNSORTED (row_offsets, columns); SHAPE (columns) where `capacity` is too small;
 * INDEX_OUT_OF_RANGE (columns); NOT_A_NUMBER, INFINITE (values); SHAPE, OUT_OF_RANGE (means); SIZE_OVERFLOW
 * (first_row); WORKSPACE_TOO_SMALL. DIVERGED (values) where scaling exceeds the range of the numbers: the batch then
 * has the rows before that one, and empty rows.
 * Cost: a pass over the batch to check it, and O(f log f) for a row of f non-zeros, however many nodes there are.
 */
saek_status saek_hierarchy_apply_csr_f32(const uint32_t *plan, size_t plan_len, const float *means,
    size_t mean_count, uint64_t seed, uint64_t stream, uint64_t first_row, int64_t *row_offsets,
    uint32_t *columns, float *values, size_t capacity, size_t rows, size_t features, void *workspace,
    size_t workspace_bytes);

/** As `saek_hierarchy_apply_csr_f32`, in double precision. */
saek_status saek_hierarchy_apply_csr_f64(const uint32_t *plan, size_t plan_len, const double *means,
    size_t mean_count, uint64_t seed, uint64_t stream, uint64_t first_row, int64_t *row_offsets,
    uint32_t *columns, double *values, size_t capacity, size_t rows, size_t features, void *workspace,
    size_t workspace_bytes);

/**
 * Projects a dense batch: hidden = activations dictionary + bias.
 *
 * - `activations`: `rows` by `features`, row-major, rows `activations_stride` elements apart.
 * - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
 * - `bias`: `cols` numbers added to each row; NULL for none.
 * - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart; written.
 * - Strides: each >= the columns of its matrix.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (activations, dictionary, hidden); MISALIGNED,
 * SIZE_OVERFLOW (bias); NOT_A_NUMBER, INFINITE (activations, dictionary, bias); OVERLAP (hidden).
 * Cost: 2 rows features cols flops in one matrix product, no workspace. Worth it where more than about one activation
 * in ten is not zero; below, `saek_project_csr_f32` does less. The same bits for the same input on the same machine.
 */
saek_status saek_project_dense_f32(const float *activations, size_t rows, size_t features,
    size_t activations_stride, const float *dictionary, size_t dictionary_stride, const float *bias,
    float *hidden, size_t cols, size_t hidden_stride);

/** As `saek_project_dense_f32`, in double precision. */
saek_status saek_project_dense_f64(const double *activations, size_t rows, size_t features,
    size_t activations_stride, const double *dictionary, size_t dictionary_stride, const double *bias,
    double *hidden, size_t cols, size_t hidden_stride);

/**
 * Projects a sparse batch: hidden = activations dictionary + bias, activations in compressed sparse rows (CSR).
 *
 * The activations of row r are the elements row_offsets[r] to row_offsets[r + 1] - 1 of `columns` and `values`, as
 * `saek_sample_independent_csr_f32` and `saek_csr_from_dense_f32` write them.
 *
 * - `row_offsets`: rows + 1 offsets that begin at 0 and do not decrease.
 * - `columns`: `nnz` features, < features, strictly increasing in each row.
 * - `values`: `nnz` activations. `columns` and `values` may be NULL where `nnz` is 0.
 * - `nnz`: length of `columns` and `values`, >= row_offsets[rows]; what lies beyond that is not used.
 * - `rows`, `features`: rows and columns of the batch.
 * - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
 * - `bias`: `cols` numbers added to each row; NULL for none.
 * - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart; written.
 * - Strides: each >= cols.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (row_offsets, columns, values); UNSORTED (row_offsets,
    columns);
 * SHAPE (columns) where `nnz` is too small; INDEX_OUT_OF_RANGE (columns); NULL_POINTER, MISALIGNED, EMPTY, STRIDE,
 * SIZE_OVERFLOW (dictionary, hidden); MISALIGNED, SIZE_OVERFLOW (bias); NOT_A_NUMBER, INFINITE (values, dictionary,
 * bias); OVERLAP (hidden).
 * Cost: 2 row_offsets[rows] cols flops, and a pass over the dictionary to check it; no workspace. Rows are summed in
 * the order of their columns: the same bits on every platform.
 */
saek_status saek_project_csr_f32(const int64_t *row_offsets, const uint32_t *columns, const float *values,
    size_t nnz, size_t rows, size_t features, const float *dictionary, size_t dictionary_stride,
    const float *bias, float *hidden, size_t cols, size_t hidden_stride);

/** As `saek_project_csr_f32`, in double precision. */
saek_status saek_project_csr_f64(const int64_t *row_offsets, const uint32_t *columns, const double *values,
    size_t nnz, size_t rows, size_t features, const double *dictionary, size_t dictionary_stride,
    const double *bias, double *hidden, size_t cols, size_t hidden_stride);

/**
 * Says how much workspace `saek_sae_encode_f32` needs for `rows` vectors in `cols` dimensions: rows cols numbers.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (hidden); SIZE_OVERFLOW (workspace).
 */
saek_status saek_sae_encode_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/** As `saek_sae_encode_f32_workspace`, for `saek_sae_encode_f64`. */
saek_status saek_sae_encode_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Encodes a batch: latents = relu((hidden - b_dec) W_enc + b_enc), b_dec where sae->subtract_decoder_bias is 1.
 *
 * - `sae`: the weights; read.
 * - `hidden`: `rows` by sae->cols, row-major, rows `hidden_stride` elements apart.
 * - `latents`: `rows` by sae->latents, row-major, rows `latents_stride` elements apart; written.
 * - Strides: each >= the columns of its matrix.
 * - `workspace`, `workspace_bytes`: as `saek_sae_encode_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
 * EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, hidden, latents); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW
 * (encoder_bias, decoder_bias); NOT_A_NUMBER, INFINITE (encoder, encoder_bias, decoder, decoder_bias, hidden); OVERLAP
 * (latents); NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace).
 * Cost: 2 rows cols latents flops, and a pass over the weights to check them. The same bits for the same input on the
 * same machine.
 */
saek_status saek_sae_encode_f32(const struct saek_sae_f32 *sae, const float *hidden, size_t rows,
    size_t hidden_stride, float *latents, size_t latents_stride, void *workspace, size_t workspace_bytes);

/** As `saek_sae_encode_f32`, in double precision. */
saek_status saek_sae_encode_f64(const struct saek_sae_f64 *sae, const double *hidden, size_t rows,
    size_t hidden_stride, double *latents, size_t latents_stride, void *workspace, size_t workspace_bytes);

/**
 * Decodes a batch: decoded = latents W_dec + b_dec.
 *
 * - `sae`: the weights; read.
 * - `latents`: `rows` by sae->latents, row-major, rows `latents_stride` elements apart.
 * - `decoded`: `rows` by sae->cols, row-major, rows `decoded_stride` elements apart; written.
 * - Strides: each >= the columns of its matrix.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
 * EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, latents, decoded); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW
 * (encoder_bias, decoder_bias); NOT_A_NUMBER, INFINITE (encoder, encoder_bias, decoder, decoder_bias, latents); OVERLAP
 * (decoded).
 * Cost: 2 rows cols latents flops, and a pass over the weights to check them; no workspace. The same bits for the same
 * input on the same machine.
 */
saek_status saek_sae_decode_f32(const struct saek_sae_f32 *sae, const float *latents, size_t rows,
    size_t latents_stride, float *decoded, size_t decoded_stride);

/** As `saek_sae_decode_f32`, in double precision. */
saek_status saek_sae_decode_f64(const struct saek_sae_f64 *sae, const double *latents, size_t rows,
    size_t latents_stride, double *decoded, size_t decoded_stride);

/**
 * Sets the encoder's first columns to features, with noise, and the decoder to the encoder's transpose.
 *
 * With k = min(sae->latents, rows), for i < k: encoder[:, i] = dictionary[ordering[i]] + noise_level N(0, 1). Columns of
 * the encoder from k on stay as they are. Then decoder = transpose of the encoder, as a whole. With random unit rows for
 * a dictionary this is the usual tied initialisation. As sae-lens's `init_sae_to_match_feature_dict`.
 *
 * - `sae`: the encoder, read and written, and the decoder, written. The biases are not used and may be NULL.
 * - `dictionary`: `rows` by sae->cols, row-major, rows `stride` elements apart.
 * - `stride`: >= sae->cols.
 * - `noise_level`: >= 0.
 * - `ordering`: `rows` indices in 0..rows - 1; NULL for the features' own order.
 * - `seed`, `stream`: name the random numbers; the noise of column i depends on (seed, stream, i) alone.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
 * EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, dictionary); MISALIGNED, SIZE_OVERFLOW,
    INDEX_OUT_OF_RANGE (ordering);
 * OVERLAP (decoder, dictionary, ordering); NOT_A_NUMBER, INFINITE (dictionary,
    noise_level); OUT_OF_RANGE (noise_level);
 * NOT_A_NUMBER, INFINITE (encoder) where a column that stays is not finite.
 * Cost: k cols normal numbers where there is noise, and two passes over the weights; no workspace. The same on every
 * platform.
 */
saek_status saek_sae_initialise_to_match_f32(const struct saek_sae_f32 *sae, const float *dictionary,
    size_t rows, size_t stride, double noise_level, const int64_t *ordering, uint64_t seed, uint64_t stream);

/** As `saek_sae_initialise_to_match_f32`, in double precision. */
saek_status saek_sae_initialise_to_match_f64(const struct saek_sae_f64 *sae, const double *dictionary,
    size_t rows, size_t stride, double noise_level, const int64_t *ordering, uint64_t seed, uint64_t stream);

/** Fills `params` with the defaults. */
saek_status saek_zipfian_params_init(struct saek_zipfian_params *params);

/**
 * Fills `out[count]` with zipfian firing probabilities, from max_probability down to min_probability.
 *
 * With ranks i = 1..n and r_i = i^-exponent: p_i = min + (max - min)(r_i - r_n)/(1 - r_n). One feature gets
 * max_probability. Where the exponent is so small that r_n rounds to 1, all get max_probability.
 *
 * - `out`: `count` probabilities, written.
 * - `count`: number of features, >= 1.
 * - `params`: null for the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params);
 * NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (exponent, max_probability, min_probability); ORDER (min_probability) unless
 * min < max.
 * Cost: count powers, no workspace.
 */
saek_status saek_zipfian_f32(float *out, size_t count, const struct saek_zipfian_params *params);

/** As `saek_zipfian_f32`, in double precision. */
saek_status saek_zipfian_f64(double *out, size_t count, const struct saek_zipfian_params *params);

/** Fills `params` with the defaults. */
saek_status saek_linear_params_init(struct saek_linear_params *params);

/**
 * Fills `out[count]` with evenly spaced firing probabilities from max_probability to min_probability, both included.
 *
 * One feature gets max_probability.
 *
 * - `out`: `count` probabilities, written.
 * - `count`: number of features, >= 1.
 * - `params`: null for the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params);
 * NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (max_probability, min_probability); ORDER (min_probability) unless min <= max.
 * Cost: count products, no workspace.
 */
saek_status saek_linear_f32(float *out, size_t count, const struct saek_linear_params *params);

/** As `saek_linear_f32`, in double precision. */
saek_status saek_linear_f64(double *out, size_t count, const struct saek_linear_params *params);

/** Fills `params` with the defaults. */
saek_status saek_random_params_init(struct saek_random_params *params);

/**
 * Fills `out[count]` with firing probabilities drawn uniformly from [min_probability, max_probability).
 *
 * p_i = min + (max - min) u_i. With SAEK_SOURCE_MT19937 u_i has 24 bits and, in single precision, p_i is what the
 * reference gives for that seed, bit for bit.
 *
 * - `out`: `count` probabilities, written.
 * - `count`: number of features, >= 1.
 * - `params`: null for the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params);
 * UNKNOWN_VALUE (source); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (max_probability, min_probability); ORDER
 * (min_probability) unless min < max.
 * Cost: count random words, no workspace. The same on every platform.
 */
saek_status saek_random_f32(float *out, size_t count, const struct saek_random_params *params);

/** As `saek_random_f32`, in double precision; with SAEK_SOURCE_MT19937 from the same 24-bit u_i. */
saek_status saek_random_f64(double *out, size_t count, const struct saek_random_params *params);

/**
 * Writes to `factor` the learning-rate factor of step `step`: warm-up, constant, decay.
 *
 * min(1, (step + 1)/warm_up_steps) at the beginning, min(1, (total_steps - step)/decay_steps) at the end, the smaller
 * of both where they overlap. Steps count from 0; warm_up_steps and decay_steps may be 0.
 *
 * Status: NULL_POINTER, MISALIGNED (out, which is `factor`); EMPTY (total_steps); ORDER (warm_up_steps, decay_steps)
 * where one is longer than total_steps.
 */
saek_status saek_linear_warm_up_and_decay(uint64_t step, uint64_t total_steps, uint64_t warm_up_steps,
    uint64_t decay_steps, double *factor);

/**
 * Writes samples of independently firing features in compressed sparse rows (CSR), in the time that their firings take.
 *
 * x_rj = relu(mean_j + std_dev_j N(0, 1)) with probability p_j, else 0. Row r is sample first_row + r of the stream, a
 * function of (seed, stream, first_row + r) and `firing` alone, so that samples may be made in any parts. The
 * activations of row r are the elements row_offsets[r] to row_offsets[r + 1] - 1 of `columns` and `values`, features
 * in increasing order; what the relu makes zero is left out. The law is that of `saek_sample_independent_csr_f32`, the
 * random numbers are others.
 *
 * - `firing`: a plan, means and standard deviations.
 * - `seed`, `stream`: name the random numbers.
 * - `first_row`: number of the first sample.
 * - `rows`: number of samples, >= 1.
 * - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
 * - `columns`, `values`: the features and the activations, `capacity` elements each, written as far as there are
 *   non-zeros. Either may be NULL where `capacity` is 0.
 * - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
 *   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
 *   been written. So a call with `capacity` 0 asks for the number.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER,
 * MISALIGNED, SIZE_OVERFLOW (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide,
    frequent);
 * OUT_OF_RANGE (cumulative_hazards); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE
 * (means, std_devs); OUT_OF_RANGE (std_devs); EMPTY (rows); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW,
 * OVERLAP (row_offsets, columns, values); SIZE_OVERFLOW (first_row); CAPACITY (capacity).
 * Cost: some 20 ns a row; for each firing 1 to 1.39 exponential numbers, with a look-up each in the plan, and a normal
 * number where the standard deviation is > 0; for each feature with a probability above 1/2 a random word; and a pass
 * over `means` and `std_devs`. No workspace. The same on every platform. Which features fire is the same in both
 * precisions and does not depend on means and standard deviations. Probabilities are met as `saek_plan_firing_f32`
 * says. Of a plan, sizes and pointers are checked, and that sampling it ends. One whose arrays were overwritten gives
 * samples in proper form, with features within bounds and in order, whose law is another.
 */
saek_status saek_sample_sparse_csr_f32(const struct saek_planned_firing_f32 *firing, uint64_t seed,
    uint64_t stream, uint64_t first_row, size_t rows, int64_t *row_offsets, uint32_t *columns, float *values,
    size_t capacity);

/** As `saek_sample_sparse_csr_f32`, in double precision. */
saek_status saek_sample_sparse_csr_f64(const struct saek_planned_firing_f64 *firing, uint64_t seed,
    uint64_t stream, uint64_t first_row, size_t rows, int64_t *row_offsets, uint32_t *columns, double *values,
    size_t capacity);

/**
 * Fills `activations` with samples of independently firing features, one a row: those of `saek_sample_sparse_csr_f32`,
 * to the bit.
 *
 * - `firing`: a plan, means and standard deviations.
 * - `seed`, `stream`: name the random numbers.
 * - `first_row`: number of the first sample.
 * - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart, a feature a column; written.
 * - `stride`: >= cols.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER,
 * MISALIGNED, SIZE_OVERFLOW (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide,
    frequent);
 * OUT_OF_RANGE (cumulative_hazards); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE
 * (means, std_devs); OUT_OF_RANGE (std_devs); NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, OVERLAP
 * (activations); SHAPE (activations) where cols is not the plan's number of features; SIZE_OVERFLOW (first_row).
 * Cost: as `saek_sample_sparse_csr_f32`, and rows * cols zeros written; no workspace.
 */
saek_status saek_sample_sparse_f32(const struct saek_planned_firing_f32 *firing, uint64_t seed,
    uint64_t stream, uint64_t first_row, float *activations, size_t rows, size_t cols, size_t stride);

/** As `saek_sample_sparse_f32`, in double precision. */
saek_status saek_sample_sparse_f64(const struct saek_planned_firing_f64 *firing, uint64_t seed,
    uint64_t stream, uint64_t first_row, double *activations, size_t rows, size_t cols, size_t stride);

/**
 * Samples independently firing features and projects them: hidden[rows, cols] = x dictionary[features, cols] +
 * bias[cols].
 *
 * x are the samples of `saek_sample_sparse_csr_f32`, which are nowhere stored; `hidden` is to the bit what
 * `saek_project_csr_f32` makes of them.
 *
 * - `firing`: a plan, means and standard deviations.
 * - `seed`, `stream`: name the random numbers.
 * - `first_row`: number of the first sample.
 * - `dictionary`: `cols` elements for each of the plan's features, rows `dictionary_stride` elements apart.
 * - `bias`: NULL, or `cols` elements.
 * - `hidden`: `rows` by `cols`, rows `hidden_stride` elements apart; written.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER,
 * MISALIGNED, SIZE_OVERFLOW (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide,
    frequent);
 * OUT_OF_RANGE (cumulative_hazards); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE
 * (means, std_devs); OUT_OF_RANGE (std_devs); NULL_POINTER, MISALIGNED, EMPTY, STRIDE,
    SIZE_OVERFLOW (dictionary);
 * MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (bias); NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW,
 * OVERLAP (hidden); SIZE_OVERFLOW (first_row). NOT_A_NUMBER, INFINITE (dictionary) where a feature that fires has such
 * a row, and DIVERGED (hidden) where finite numbers sum to one that is not: the rows of `hidden` up to the first such
 * one are then written. The dictionary is not read where nothing fires, so that the call costs what fires.
 * Cost: as `saek_sample_sparse_csr_f32`, and 2 cols flops and cols numbers read for each firing; no workspace. Rows are
 * summed in the order of their features: the same on every platform.
 */
saek_status saek_sample_projected_f32(const struct saek_planned_firing_f32 *firing, uint64_t seed,
    uint64_t stream, uint64_t first_row, const float *dictionary, size_t dictionary_stride, const float *bias,
    float *hidden, size_t rows, size_t cols, size_t hidden_stride);

/** As `saek_sample_projected_f32`, in double precision. */
saek_status saek_sample_projected_f64(const struct saek_planned_firing_f64 *firing, uint64_t seed,
    uint64_t stream, uint64_t first_row, const double *dictionary, size_t dictionary_stride,
    const double *bias, double *hidden, size_t rows, size_t cols, size_t hidden_stride);

/** Fills `params` with the defaults. */
saek_status saek_superposition_params_init(struct saek_superposition_params *params);

/**
 * Sets the size of `superposition` and everything else to zero, as `saek_superposition_f32` wants it.
 *
 * Status: NULL_POINTER, MISALIGNED (superposition).
 */
saek_status saek_superposition_init(struct saek_superposition *superposition);

/**
 * Measures the cosines of all pairs of the vectors of a dictionary, which are never all in memory.
 *
 * For each vector i, over the rows - 1 others: the greatest |cos(i, j)| and percentiles of |cos(i, j)|; the p-th
 * percentile lies at position p (rows - 2) / 100 among the values in increasing order, counted from 0, and between
 * two positions it is interpolated linearly, as numpy.quantile and torch.quantile do. Over all: see
 * `saek_superposition`. cos(x, y) = <x, y> / (max(|x|, 1e-8) max(|y|, 1e-8)), within [-1, 1], so that a vector of
 * zeros has cosine 0 with all others; it counts among them.
 *
 * Percentiles are exact for the cosines as computed in the dictionary's precision: all values of a vector lie in
 * memory together and are selected from. Sums are in double precision.
 *
 * - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; rows >= 2.
 * - `percentiles`, `percentile_count`: values in [0, 100], in any order; null for 95 and 99, percentile_count then
 *   being 2; 0 for none.
 * - `params`: null for the defaults.
 * - `max_of_vectors`: null, or `rows` values, written: for each vector the greatest |cos| with another.
 * - `percentiles_of_vectors`: null, or rows percentile_count values, written: for each vector its percentiles, one
 *   vector after the other.
 * - `mean_percentiles`: null, or percentile_count values, written: the means of these over all vectors.
 * - `superposition`: its struct_size set before, as by `saek_superposition_init`; written.
 * - `workspace`, `workspace_bytes`: as `saek_superposition_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
 * SIZE_OVERFLOW for 2^32 - 1 vectors or more (dictionary); OUT_OF_RANGE (rows: one vector alone); NOT_A_NUMBER,
 * INFINITE, OUT_OF_RANGE (percentiles); STRUCT_SIZE (params, superposition); WORKSPACE_TOO_SMALL (workspace);
 * OUT_OF_RANGE (threads: more than one in a library without threads).
 * Cost: 2 rows^2 cols flops and a few per cent more. Deterministic on one machine, for any number of threads.
 * Source: compute_superposition_stats of sae-lens for what each vector has, its means, and the mean over pairs;
 * Welch 1974 for the bound; Benedetto and Fickus 2003 for the frame potential.
 */
saek_status saek_superposition_f32(const float *dictionary, size_t rows, size_t cols, size_t stride,
    const double *percentiles, size_t percentile_count, const struct saek_superposition_params *params,
    float *max_of_vectors, float *percentiles_of_vectors, double *mean_percentiles,
    struct saek_superposition *superposition, void *workspace, size_t workspace_bytes);

/** As `saek_superposition_f32`, in double precision. */
saek_status saek_superposition_f64(const double *dictionary, size_t rows, size_t cols, size_t stride,
    const double *percentiles, size_t percentile_count, const struct saek_superposition_params *params,
    double *max_of_vectors, double *percentiles_of_vectors, double *mean_percentiles,
    struct saek_superposition *superposition, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_superposition_f32` for so many percentiles,
 * 2 where the pointer to them is null.
 *
 * With s bytes an element: rows cols s for the packed dictionary, 96 (rows + cols) s for a block of cosines and its
 * vectors, rows rounded up to 64, and 768 a percentile: 160 MB for 65536 by 512 in single precision, where the
 * cosines alone would take 17 GB.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_superposition_f32_workspace(size_t rows, size_t cols, size_t percentile_count, size_t *bytes,
    size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_superposition_f64`; as
 * `saek_superposition_f32_workspace`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_superposition_f64_workspace(size_t rows, size_t cols, size_t percentile_count, size_t *bytes,
    size_t *align);

/** Fills `params` with the defaults. */
saek_status saek_tight_frame_params_init(struct saek_tight_frame_params *params);

/**
 * Sets the size of `report` and everything else to zero, as `saek_tight_frame_f32` wants it.
 *
 * Status: NULL_POINTER, MISALIGNED (report).
 */
saek_status saek_tight_frame_report_init(struct saek_tight_frame_report *report);

/**
 * Says how much workspace `saek_tight_frame_f32` needs: about 4 min(rows, cols)^2 + 128 min(rows, cols)
 * + rows numbers, rows (rows - cols) more for cols < rows < 2 cols, and 4 rows cols where Adam may be taken.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_tight_frame_f32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/** As `saek_tight_frame_f32_workspace`, for `saek_tight_frame_f64`. */
saek_status saek_tight_frame_f64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Makes the rows of `dictionary` unit vectors with the least sum of (g_ij - t)^2 over all pairs, g = E E^T.
 *
 * For n rows, d columns and t = params->target_cosine the sum over i != j is at least its floor:
 *   n <= d:  0 for t >= -1/(n - 1);          n (n - 1) (t + 1/(n - 1))^2 below;
 *   n > d:   (1 - t)^2 (n^2/d - n) for t >= 0;   n^2/d + t^2 n^2 - n (1 - t)^2 for t < 0.
 * For n <= d all cosines become t, or -1/(n - 1) where t is less. For n > d and t = 0 the result is a unit-norm tight
 * frame, E^T E = (n/d) I; for t < 0 one whose rows sum to zero; for t > 0 every row is sqrt(q) u + sqrt(1 - q) f_i,
 * q = (1 + t (d - 1))/d, the f_i such a frame across a direction u. The floor is reached to rounding, but for odd n
 * where t < 0 and d is 1 or n - 2, or t > 0 and d is 2 or n - 1: there one sign is over, and saek_orthogonalise_f32 goes
 * on with its defaults; the better rows are kept.
 *
 * The result is near the given rows. Rows without a direction (zero, or shorter than 1e-12), missing directions, and
 * rows that coincide too often are filled up or parted by noise that is the same for every call. The method is
 * alternating projection onto tight frames and unit rows (Tropp, Dhillon, Heath and Strohmer 2005), accelerated, for
 * d < n < 2 d on the Naimark complement.
 *
 * - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
 * - `params`: null for the defaults.
 * - `report`: null, or its struct_size set before, as by `saek_tight_frame_report_init`; written.
 * - `progress`, `context`: called after each round with a bound for the relative distance, as the loss; null for no
 *   reports.
 * - `workspace`, `workspace_bytes`: as `saek_tight_frame_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); MISALIGNED,
 * STRUCT_SIZE (params, report); OVERLAP (report); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (target_cosine,
    tolerance);
 * OUT_OF_RANGE (rounds) for none; NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED
 * (progress), and NOT_CONVERGED (dictionary) should eigenvalues not be found, leave finite rows without meaning.
 * Cost: 3 n d^2 flops a round for n >= 2 d, the first one about 10 d^3 more; 3 n (n - d)^2 a round and about 30 n d^2 in
 * all for d < n < 2 d; about 10 n^2 d in all for n <= d. The same bits for the same input on the same machine.
 */
saek_status saek_tight_frame_f32(float *dictionary, size_t rows, size_t cols, size_t stride,
    const struct saek_tight_frame_params *params, struct saek_tight_frame_report *report,
    saek_progress_callback progress, void *context, void *workspace, size_t workspace_bytes);

/** As `saek_tight_frame_f32`, in double precision. */
saek_status saek_tight_frame_f64(double *dictionary, size_t rows, size_t cols, size_t stride,
    const struct saek_tight_frame_params *params, struct saek_tight_frame_report *report,
    saek_progress_callback progress, void *context, void *workspace, size_t workspace_bytes);

/**
 * Fills `params` with the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED (params).
 */
saek_status saek_train_params_init(struct saek_train_params *params);

/**
 * Sets the size of `report` and everything else to zero, as the training steps want it.
 *
 * Status: NULL_POINTER, MISALIGNED (report).
 */
saek_status saek_train_report_init(struct saek_train_report *report);

/**
 * Writes to `count` the length of `moments` for an autoencoder of m latents on d dimensions: 2 (2 d m + m + d).
 *
 * - `cols`, `latents`: d and m, >= 1.
 * - `count`: written.
 *
 * Status: EMPTY (cols, latents); SIZE_OVERFLOW (moments); NULL_POINTER, MISALIGNED (count).
 */
saek_status saek_sae_moments_len(size_t cols, size_t latents, size_t *count);

/**
 * Says how much workspace `saek_sae_train_step_f32` needs for batches of `rows` vectors in d = `cols` dimensions and
 * m = `latents` latents: about 2 rows (d + m) + d m numbers.
 *
 * - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (hidden, encoder); SIZE_OVERFLOW
 * (workspace).
 */
saek_status saek_sae_train_step_f32_workspace(size_t rows, size_t cols, size_t latents, size_t *bytes,
    size_t *align);

/** As `saek_sae_train_step_f32_workspace`, for `saek_sae_train_step_f64`. */
saek_status saek_sae_train_step_f64_workspace(size_t rows, size_t cols, size_t latents, size_t *bytes,
    size_t *align);

/**
 * Trains an autoencoder on one batch: forward, backward, one step of Adam.
 *
 * For vectors x_r with latents f_r and reconstructions y_r the loss is
 * L = 1/rows sum over r of |y_r - x_r|^2 + l1_coefficient/rows sum over r, i of f_ri |W_dec_i|,
 * as that of sae-lens's `StandardTrainingSAE`. Weights, moments and step are the whole state: stored and restored, a run
 * goes on bit for bit. Gradients are of this batch alone.
 *
 * - `sae`: the weights; what its pointers point to is read and written.
 * - `moments`: Adam's state, `moments_len` numbers, zero before the first step; read and written. First the first moments
 *   of W_enc, b_enc, W_dec, b_dec, packed in this order, then the second moments.
 * - `moments_len`: as `saek_sae_moments_len` says.
 * - `step`: steps done before, from 0.
 * - `hidden`: the batch, `rows` by sae->cols, row-major, rows `hidden_stride` elements apart.
 * - `hidden_stride`: >= sae->cols.
 * - `params`: NULL for the defaults.
 * - `report`: written, its struct_size set before, as by `saek_train_report_init`; NULL for none.
 * - `workspace`, `workspace_bytes`: as `saek_sae_train_step_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
 * EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, hidden); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (encoder_bias,
 * decoder_bias, moments); SHAPE (moments); NOT_A_NUMBER, INFINITE (encoder, encoder_bias, decoder, decoder_bias,
 * moments, hidden); MISALIGNED, STRUCT_SIZE (params, report); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (learning_rate, beta1,
 * beta2, epsilon, l1_coefficient); OUT_OF_RANGE (step) for 2^64 - 1; NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL
 * (workspace); OVERLAP for any two arguments; DIVERGED (sae) where the loss is not finite. Weights, moments and report are
 * then untouched.
 * Cost: 10 rows cols latents flops in five matrix products. The same bits for the same input on the same machine.
 */
saek_status saek_sae_train_step_f32(const struct saek_sae_f32 *sae, float *moments, size_t moments_len,
    uint64_t step, const float *hidden, size_t rows, size_t hidden_stride,
    const struct saek_train_params *params, struct saek_train_report *report, void *workspace,
    size_t workspace_bytes);

/** As `saek_sae_train_step_f32`, in double precision. */
saek_status saek_sae_train_step_f64(const struct saek_sae_f64 *sae, double *moments, size_t moments_len,
    uint64_t step, const double *hidden, size_t rows, size_t hidden_stride,
    const struct saek_train_params *params, struct saek_train_report *report, void *workspace,
    size_t workspace_bytes);

/**
 * Writes how many different features the latents resemble most, divided by the number of latents.
 *
 * uniqueness = |{argmax_j s(latent_i, feature_j)}| / latents_rows, in (0, 1], with s = |cos| or cos as `params`
 * says; among equal similarities the first feature counts. 1: each latent has a feature of its own; less: several
 * latents have found the same one. cos(x, y) = <x, y> / (max(|x|, 1e-8) max(|y|, 1e-8)); a latent of zeros resembles
 * every feature equally, so the first one.
 *
 * `saek_match_dictionaries_f32` with the latents as `a` finds the same best matches, `best_of_rows`, on its way to the
 * MCC; `saek_uniqueness_of_matches` and `saek_ordering_of_matches` then need no product of their own: one pass
 * serves MCC, uniqueness and ordering.
 *
 * - `latents`, `latents_rows`, `latents_stride`: latents_rows vectors of `cols` entries, `latents_stride` elements apart.
 * - `features`, `features_rows`, `features_stride`: as many entries each; may be the memory of `latents`.
 * - `params`: null for the defaults.
 * - `best_of_rows`: null, or latents_rows indices, written: the feature that each latent resembles most.
 * - `uniqueness`: one value, written.
 * - `workspace`, `workspace_bytes`: as `saek_feature_uniqueness_f32_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
 * SIZE_OVERFLOW for 2^32 - 1 vectors or more (latents, features); STRUCT_SIZE (params); WORKSPACE_TOO_SMALL
 * (workspace); UNKNOWN_VALUE (similarity); OUT_OF_RANGE (threads: more than one in a library without threads).
 * Cost: 2 latents_rows features_rows cols flops; the similarities are never all in memory. Deterministic on one
 * machine, for any number of threads.
 * Source: feature_uniqueness of sae-lens.
 */
saek_status saek_feature_uniqueness_f32(const float *latents, size_t latents_rows, size_t latents_stride,
    const float *features, size_t features_rows, size_t features_stride, size_t cols,
    const struct saek_match_params *params, int64_t *best_of_rows, double *uniqueness, void *workspace,
    size_t workspace_bytes);

/** As `saek_feature_uniqueness_f32`, in double precision. */
saek_status saek_feature_uniqueness_f64(const double *latents, size_t latents_rows, size_t latents_stride,
    const double *features, size_t features_rows, size_t features_stride, size_t cols,
    const struct saek_match_params *params, int64_t *best_of_rows, double *uniqueness, void *workspace,
    size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_feature_uniqueness_f32`.
 *
 * With s bytes an element: features_rows cols s for the packed features, 96 (features_rows + cols) s for a block of
 * similarities and its latents, features_rows rounded up to 64, 8 a latent and 1 a feature.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_feature_uniqueness_f32_workspace(size_t latents_rows, size_t features_rows, size_t cols,
    size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_feature_uniqueness_f64`; as
 * `saek_feature_uniqueness_f32_workspace`.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_feature_uniqueness_f64_workspace(size_t latents_rows, size_t features_rows, size_t cols,
    size_t *bytes, size_t *align);

/**
 * Writes the uniqueness of `saek_feature_uniqueness_f32` from best matches that are known already.
 *
 * uniqueness = |{best_of_rows[i]}| / latents_rows.
 *
 * - `best_of_rows`, `latents_rows`: the feature that each of the latents resembles most, in [0, features_rows).
 * - `features_rows`: how many features there are.
 * - `uniqueness`: one value, written.
 * - `workspace`, `workspace_bytes`: as `saek_uniqueness_of_matches_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY (best_of_rows, features);
 * WORKSPACE_TOO_SMALL (workspace); INDEX_OUT_OF_RANGE (best_of_rows).
 * Cost: latents_rows + features_rows steps. The same on every platform.
 */
saek_status saek_uniqueness_of_matches(const int64_t *best_of_rows, size_t latents_rows, size_t features_rows,
    double *uniqueness, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_uniqueness_of_matches`: a byte for each feature.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_uniqueness_of_matches_workspace(size_t features_rows, size_t *bytes, size_t *align);

/**
 * Writes the order of `saek_best_ordering_f32` from best matches that are known already.
 *
 * ordering = argsort_i `best_of_rows[i]`: `ordering[k]` is the latent to draw in row k. Stable.
 *
 * - `best_of_rows`, `latents_rows`: the feature that each of the latents resembles most, in [0, features_rows).
 * - `features_rows`: how many features there are.
 * - `ordering`: latents_rows indices, written.
 * - `workspace`, `workspace_bytes`: as `saek_ordering_of_matches_workspace` says.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY (best_of_rows, features);
 * WORKSPACE_TOO_SMALL (workspace); INDEX_OUT_OF_RANGE (best_of_rows).
 * Cost: a counting sort of latents_rows + features_rows steps. The same on every platform.
 */
saek_status saek_ordering_of_matches(const int64_t *best_of_rows, size_t latents_rows, size_t features_rows,
    int64_t *ordering, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_ordering_of_matches`: a size_t for each feature and one more.
 *
 * Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
 */
saek_status saek_ordering_of_matches_workspace(size_t features_rows, size_t *bytes, size_t *align);

/**
 * Sets the size of `sae`, subtract_decoder_bias to 1, and everything else to 0 and NULL.
 *
 * Status: NULL_POINTER, MISALIGNED (sae).
 */
saek_status saek_sae_f32_init(struct saek_sae_f32 *sae);

/** As `saek_sae_f32_init`, for `saek_sae_f64`. */
saek_status saek_sae_f64_init(struct saek_sae_f64 *sae);

/**
 * As `saek_assignment_f64`, with whole costs, which are read as doubles and never copied all together.
 *
 * A pair is forbidden by INT32_MAX when minimising, by INT32_MIN when maximising. Of min(rows, cols) = k up to 2^18
 * any costs are accepted; of more, magnitudes up to 2^53 / (16 k), so that every sum is exact. The objective is a whole
 * number. No rounding is possible where 16 k^3 times the largest magnitude is below 2^53; elsewhere a gap of
 * zero from `saek_verify_assignment_i32` proves that none did harm.
 *
 * Status: as `saek_assignment_f64`; of the costs OUT_OF_RANGE and INFEASIBLE.
 */
saek_status saek_assignment_i32(const int32_t *costs, size_t rows, size_t cols, size_t stride,
    const struct saek_assignment_params *params, int64_t *row_to_col, int64_t *col_to_row, double *row_duals,
    double *col_duals, double *objective, void *workspace, size_t workspace_bytes);

/**
 * As `saek_assignment_i32`, with 64-bit costs: INT64_MAX or INT64_MIN forbids a pair, and the magnitude of others is at
 * most 2^53 / (16 min(rows, cols)).
 */
saek_status saek_assignment_i64(const int64_t *costs, size_t rows, size_t cols, size_t stride,
    const struct saek_assignment_params *params, int64_t *row_to_col, int64_t *col_to_row, double *row_duals,
    double *col_duals, double *objective, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_assignment_i32`; as `saek_assignment_f32_workspace`.
 */
saek_status saek_assignment_i32_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_assignment_i64`; as `saek_assignment_f32_workspace`.
 */
saek_status saek_assignment_i64_workspace(size_t rows, size_t cols, size_t *bytes, size_t *align);

/**
 * As `saek_verify_assignment_f64`, with whole costs; INT32_MAX (minimising) or INT32_MIN (maximising) forbids a pair.
 */
saek_status saek_verify_assignment_i32(const int32_t *costs, size_t rows, size_t cols, size_t stride,
    uint32_t sense, const int64_t *row_to_col, const double *row_duals, const double *col_duals,
    struct saek_certificate *certificate, void *workspace, size_t workspace_bytes);

/**
 * As `saek_verify_assignment_f64`, with whole costs; INT64_MAX (minimising) or INT64_MIN (maximising) forbids a pair.
 *
 * Status: OUT_OF_RANGE (costs), for a magnitude of 2^53 or more, besides those named there.
 */
saek_status saek_verify_assignment_i64(const int64_t *costs, size_t rows, size_t cols, size_t stride,
    uint32_t sense, const int64_t *row_to_col, const double *row_duals, const double *col_duals,
    struct saek_certificate *certificate, void *workspace, size_t workspace_bytes);

/**
 * Writes the size and the alignment of the workspace of `saek_verify_assignment_i32`; as
 * `saek_verify_assignment_f32_workspace`.
 */
saek_status saek_verify_assignment_i32_workspace(size_t cols, size_t *bytes, size_t *align);

/**
 * Writes the size and the alignment of the workspace of `saek_verify_assignment_i64`; as
 * `saek_verify_assignment_f32_workspace`.
 */
saek_status saek_verify_assignment_i64_workspace(size_t cols, size_t *bytes, size_t *align);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SAE_KERNELS_H */
