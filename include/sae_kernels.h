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
 * WORKSPACES. The library keeps no memory between calls and hands none out. A function that needs scratch memory
 * takes a workspace, and a function of the same name with _workspace at its end says how many bytes it needs and at
 * which alignment. Its contents before and after a call mean nothing; one workspace serves any number of calls, one
 * at a time.
 *
 * PARAMETERS that have defaults are in a struct whose first field, struct_size, is its sizeof. Fill it with the
 * matching saek_..._params_init, then change what shall differ. A null pointer stands for the defaults.
 *
 * THREADS. There is no global state: calls from several threads do not disturb each other as long as they do not
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

/**
 * What every call returns: `SAEK_STATUS_OK`, or `reason + 256 * argument` where reason is one of the
 * `SAEK_STATUS_...` numbers and argument one of the `SAEK_ARGUMENT_...` numbers.
 *
 * `saek_status_message` puts both into words; `SAEK_STATUS_REASON(status)` and `SAEK_STATUS_ARGUMENT(status)`
 * take them apart. Unless a function says otherwise, a call that fails has written nothing.
 */
typedef int32_t saek_status;

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

/** Fills `params` with the defaults. */
saek_status saek_zipfian_params_init(struct saek_zipfian_params *params);

/**
 * Fills `out[count]` with zipfian firing probabilities, from max_probability down to min_probability.
 *
 * With ranks i = 1..n and r_i = i^-exponent: p_i = min + (max - min)(r_i - r_n)/(1 - r_n). One feature gets
 * max_probability. Agrees with sae-lens to one unit in the last place.
 *
 * - `out`: `count` probabilities, written.
 * - `count`: number of features, >= 1.
 * - `params`: null for the defaults.
 *
 * Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); STRUCT_SIZE (params); NOT_A_NUMBER, INFINITE,
 * OUT_OF_RANGE (exponent, max_probability, min_probability); ORDER (min_probability) unless min < max.
 * Cost: count powers, no workspace.
 */
saek_status saek_zipfian_f32(float *out, size_t count, const struct saek_zipfian_params *params);

/** As `saek_zipfian_f32`, in double precision. */
saek_status saek_zipfian_f64(double *out, size_t count, const struct saek_zipfian_params *params);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SAE_KERNELS_H */
