/* The bad-input table of evaluation: its state, batch by batch, and a whole evaluation with callbacks. */
#include "refuse_generator.h"

enum { ROWS = 3, DIMENSIONS = 2, LATENTS = 3, STRIDE = 5, COUNTS = LATENTS + 4, SUMS = 2 };

BAD_INIT(saek_metrics, METRICS, saek_metrics_init)
BAD_INIT(saek_evaluate_params, PARAMS, saek_evaluate_params_init)

/* These two take any number and have no way to fail. */
static void lengths_of_the_state(void) {
    CHECK(saek_evaluation_counts_len(LATENTS) == COUNTS);
    CHECK(saek_evaluation_counts_len(0) == 4);
    CHECK(saek_evaluation_counts_len(SIZE_MAX) == SIZE_MAX);
    CHECK(saek_evaluation_sums_len() == SUMS);
    if (print_functions) {
        printf("function saek_evaluation_counts_len\nfunction saek_evaluation_sums_len\n");
    }
}

/* The two arrays of a state, which every function of it looks at. */
#define BAD_STATE(counts, counts_len, sums, sums_len, call)                                          \
    BAD_POINTER(counts, COUNTS, call);                                                               \
    BAD_LENGTH(counts_len, *(counts), COUNTS, call);                                                 \
    BAD_POINTER(sums, SUMS, call);                                                                   \
    BAD_LENGTH(sums_len, *(sums), SUMS, call);                                                       \
    BAD(sums_len, SUMS - 1, SHAPE, SUMS, call);                                                      \
    BAD(sums_len, 0, SHAPE, SUMS, call)

static void bad_evaluation_begin(void) {
    uint64_t counts_place[COUNTS], *counts = counts_place;
    double sums_place[SUMS], *sums = sums_place;
    size_t counts_len = COUNTS, sums_len = SUMS, latents = LATENTS;
    GUARD(counts_place);
    GUARD(sums_place);
#define BEGIN saek_evaluation_begin(counts, counts_len, sums, sums_len, latents)
    GOOD(BEGIN);
    BAD_STATE(counts, counts_len, sums, sums_len, BEGIN);
    BAD(counts_len, COUNTS - 1, SHAPE, COUNTS, BEGIN);
    BAD(counts_len, 0, SHAPE, COUNTS, BEGIN);
    BAD(sums, (double *)(void *)counts_place, OVERLAP, SUMS, BEGIN);
    BAD(latents, 0, EMPTY, LATENTS, BEGIN);
    BAD(latents, LATENTS + 1, SHAPE, COUNTS, BEGIN);
    BAD(latents, SIZE_MAX, SHAPE, COUNTS, BEGIN);
    RELEASE();
}

static void bad_evaluation_merge(void) {
    uint64_t counts_place[COUNTS] = {2, 2, 3, 4, 2, 1, 1}, *counts = counts_place;
    uint64_t other_counts_place[COUNTS] = {1, 1, 1, 1, 1, 0, 0}, *other_counts = other_counts_place;
    double sums_place[SUMS] = {1.5, 0}, other_sums_place[SUMS] = {0.75, 0};
    double *sums = sums_place, *other_sums = other_sums_place;
    size_t counts_len = COUNTS, sums_len = SUMS, other_counts_len = COUNTS, other_sums_len = SUMS;
    GUARD_CONTENTS(counts_place);
    GUARD_CONTENTS(sums_place);
    GUARD_CONTENTS(other_counts_place);
    GUARD_CONTENTS(other_sums_place);
#define MERGE                                                                                                    \
    saek_evaluation_merge(counts, counts_len, sums, sums_len, other_counts, other_counts_len, other_sums, other_sums_len)
    GOOD(MERGE);
    BAD_STATE(counts, counts_len, sums, sums_len, MERGE);
    BAD(counts_len, 4, EMPTY, LATENTS, MERGE);
    BAD(counts_len, 0, EMPTY, LATENTS, MERGE);
    BAD(counts_len, COUNTS - 1, SHAPE, OTHER_COUNTS, MERGE);
    BAD_POINTER(other_counts, OTHER_COUNTS, MERGE);
    BAD_LENGTH(other_counts_len, *other_counts, OTHER_COUNTS, MERGE);
    BAD(other_counts_len, COUNTS - 1, SHAPE, OTHER_COUNTS, MERGE);
    BAD_POINTER(other_sums, OTHER_SUMS, MERGE);
    BAD_LENGTH(other_sums_len, *other_sums, OTHER_SUMS, MERGE);
    BAD(other_sums_len, SUMS - 1, SHAPE, OTHER_SUMS, MERGE);
    BAD(sums, (double *)(void *)counts_place, OVERLAP, SUMS, MERGE);
    BAD(other_counts, counts_place, OVERLAP, OTHER_COUNTS, MERGE);
    BAD(other_counts, (uint64_t *)(void *)sums_place, OVERLAP, OTHER_COUNTS, MERGE);
    BAD(other_sums, (double *)(void *)counts_place, OVERLAP, OTHER_SUMS, MERGE);
    BAD(other_sums, sums_place, OVERLAP, OTHER_SUMS, MERGE);
    RELEASE();
}

static void bad_evaluation_finish(void) {
    uint64_t counts_place[COUNTS] = {2, 2, 3, 4, 2, 1, 1};
    double sums_place[SUMS] = {1.5, 0};
    const uint64_t *counts = counts_place;
    const double *sums = sums_place;
    size_t counts_len = COUNTS, sums_len = SUMS;
    saek_metrics metrics_place, *metrics = &metrics_place;
    CHECK(saek_metrics_init(metrics) == SAEK_STATUS_OK);
    GUARD_CONTENTS(counts_place);
    GUARD_CONTENTS(sums_place);
    GUARD_CONTENTS(metrics_place);
#define FINISH saek_evaluation_finish(counts, counts_len, sums, sums_len, metrics)
    GOOD(FINISH);
    BAD_STATE(counts, counts_len, sums, sums_len, FINISH);
    BAD(counts_len, 4, EMPTY, LATENTS, FINISH);
    BAD(counts_len, 0, EMPTY, LATENTS, FINISH);
    BAD(counts_place[0], 0, EMPTY, SAMPLES, FINISH);
    NOT_FINITE(sums_place[0], SUMS, FINISH);
    NOT_FINITE(sums_place[1], SUMS, FINISH);
    BAD_POINTER(metrics, METRICS, FINISH);
    BAD_STRUCT(metrics_place, METRICS, FINISH);
    BAD(counts, (uint64_t *)(void *)metrics, OVERLAP, METRICS, FINISH);
    BAD(sums, &metrics_place.true_l0, OVERLAP, METRICS, FINISH);
    RELEASE();
}

#define ADD(type)                                                                                    \
    saek_evaluation_add_##type(counts, counts_len, sums, sums_len, activations, rows, features, activations_stride, \
                               hidden, cols, hidden_stride, latents, latents_count, latents_stride, decoded,        \
                               decoded_stride)

#define BAD_ADD(type, real)                                                                          \
    static void bad_evaluation_add_##type(void) {                                                    \
        uint64_t counts_place[COUNTS] = {0}, *counts = counts_place;                                 \
        double sums_place[SUMS] = {0}, *sums = sums_place;                                           \
        real a[ROWS * STRIDE], h[ROWS * STRIDE], z[ROWS * STRIDE], y[ROWS * STRIDE];                 \
        const real *activations = a, *hidden = h, *latents = z, *decoded = y;                        \
        size_t i, rows = ROWS, features = FEATURES, cols = DIMENSIONS, latents_count = LATENTS;      \
        size_t activations_stride = STRIDE, hidden_stride = STRIDE, latents_stride = STRIDE;         \
        size_t decoded_stride = STRIDE, counts_len = COUNTS, sums_len = SUMS;                        \
        for (i = 0; i < ROWS * STRIDE; i++) {                                                        \
            a[i] = h[i] = z[i] = y[i] = (real)(i % 4);                                               \
        }                                                                                            \
        GUARD_CONTENTS(counts_place);                                                                \
        GUARD_CONTENTS(sums_place);                                                                  \
        GUARD_CONTENTS(a);                                                                           \
        GUARD_CONTENTS(h);                                                                           \
        GUARD_CONTENTS(z);                                                                           \
        GUARD_CONTENTS(y);                                                                           \
        GOOD(ADD(type));                                                                             \
        BAD_STATE(counts, counts_len, sums, sums_len, ADD(type));                                    \
        BAD(counts_len, COUNTS - 1, SHAPE, COUNTS, ADD(type));                                       \
        BAD(counts_len, 0, SHAPE, COUNTS, ADD(type));                                                \
        BAD(latents_count, LATENTS - 1, SHAPE, COUNTS, ADD(type));                                   \
        BAD_MATRIX(activations, activations_stride, FEATURES, ACTIVATIONS, ADD(type));               \
        BAD_MATRIX(hidden, hidden_stride, DIMENSIONS, HIDDEN, ADD(type));                            \
        BAD_MATRIX(latents, latents_stride, LATENTS, LATENTS, ADD(type));                            \
        BAD_MATRIX(decoded, decoded_stride, DIMENSIONS, DECODED, ADD(type));                         \
        BAD(rows, 0, EMPTY, ACTIVATIONS, ADD(type));                                                 \
        BAD(features, 0, EMPTY, ACTIVATIONS, ADD(type));                                             \
        BAD(cols, 0, EMPTY, HIDDEN, ADD(type));                                                      \
        BAD(latents_count, 0, EMPTY, LATENTS, ADD(type));                                            \
        BAD_LENGTH(rows, real, ACTIVATIONS, ADD(type));                                              \
        NOT_FINITE(a[1], ACTIVATIONS, ADD(type));                                                    \
        NOT_FINITE(h[STRIDE], HIDDEN, ADD(type));                                                    \
        NOT_FINITE(z[LATENTS - 1], LATENTS, ADD(type));                                              \
        NOT_FINITE(y[2 * STRIDE + 1], DECODED, ADD(type));                                           \
        BAD(sums, (double *)(void *)counts_place, OVERLAP, SUMS, ADD(type));                         \
        BAD(counts, (uint64_t *)(void *)sums_place, OVERLAP, SUMS, ADD(type));                       \
        BAD(activations, (real *)(void *)counts_place, OVERLAP, ACTIVATIONS, ADD(type));             \
        BAD(hidden, (real *)(void *)sums_place, OVERLAP, HIDDEN, ADD(type));                         \
        BAD(latents, (real *)(void *)counts_place, OVERLAP, LATENTS, ADD(type));                     \
        BAD(decoded, (real *)(void *)sums_place, OVERLAP, DECODED, ADD(type));                       \
        RELEASE();                                                                                   \
    }

BAD_ADD(f32, float)
BAD_ADD(f64, double)

/* What the callbacks of an evaluation shall do. */
struct behaviours {
    struct behaviour encode, decode;
};

#define CALLBACKS(type, real)                                                                        \
    static int encode_##type(void *context, const real *hidden, size_t rows, size_t cols, size_t hidden_stride, \
                             real *encoded, size_t latents, size_t encoded_stride) {                 \
        const struct behaviour *behaviour = &((const struct behaviours *)context)->encode;           \
        size_t r, i;                                                                                 \
        for (r = 0; r < rows; r++) {                                                                 \
            for (i = 0; i < latents; i++) {                                                          \
                encoded[r * encoded_stride + i] = hidden[r * hidden_stride + i % cols];              \
            }                                                                                        \
        }                                                                                            \
        if (behaviour->spoil) {                                                                      \
            encoded[latents - 1] = (real)behaviour->value;                                           \
        }                                                                                            \
        return behaviour->answer;                                                                    \
    }                                                                                                \
    static int decode_##type(void *context, const real *encoded, size_t rows, size_t latents, size_t encoded_stride, \
                             real *decoded, size_t cols, size_t decoded_stride) {                    \
        const struct behaviour *behaviour = &((const struct behaviours *)context)->decode;           \
        size_t r, i;                                                                                 \
        for (r = 0; r < rows; r++) {                                                                 \
            for (i = 0; i < cols; i++) {                                                             \
                decoded[r * decoded_stride + i] = encoded[r * encoded_stride + i % latents];         \
            }                                                                                        \
        }                                                                                            \
        if (behaviour->spoil) {                                                                      \
            decoded[0] = (real)behaviour->value;                                                     \
        }                                                                                            \
        return behaviour->answer;                                                                    \
    }

CALLBACKS(f32, float)
CALLBACKS(f64, double)

static int report(void *context, const saek_progress *progress) {
    (void)progress;
    return *(const int *)context;
}

#define QUERY(type) saek_evaluate_##type##_workspace(generator, cols, latents, params, bytes, align)
#define EVALUATE(type)                                                                               \
    saek_evaluate_##type(generator, dictionary, cols, dictionary_stride, bias, decoder, latents, decoder_stride, encode, \
                         decode, &behaviours, params, report, &stop, metrics, mcc, workspace, workspace_bytes)

#define BAD_EVALUATE(type, real)                                                                     \
    struct evaluation_##type {                                                                       \
        struct recipe_##type recipe;                                                                 \
        real dictionary[FEATURES * STRIDE], bias[DIMENSIONS], decoder[LATENTS * STRIDE];             \
        saek_evaluate_params params;                                                                 \
        saek_metrics metrics;                                                                        \
        double mcc;                                                                                  \
    };                                                                                               \
    static void bad_evaluate_##type(void) {                                                          \
        struct evaluation_##type e;                                                                  \
        struct behaviours behaviours;                                                                \
        const saek_generator_##type *generator = &e.recipe.generator;                                \
        const real *dictionary = e.dictionary, *bias = e.bias, *decoder = e.decoder;                 \
        const saek_evaluate_params *params = &e.params;                                              \
        saek_encode_##type##_callback encode = encode_##type;                                        \
        saek_decode_##type##_callback decode = decode_##type;                                        \
        saek_metrics *metrics = &e.metrics;                                                          \
        double *mcc = &e.mcc;                                                                        \
        int stop = 0;                                                                                \
        size_t i, cols = DIMENSIONS, latents = LATENTS, dictionary_stride = STRIDE, decoder_stride = STRIDE; \
        size_t workspace_bytes, workspace_align, *bytes = &workspace_bytes, *align = &workspace_align; \
        void *workspace, *owned;                                                                     \
        memset(&e, 0, sizeof e);                                                                     \
        memset(&behaviours, 0, sizeof behaviours);                                                   \
        recipe_init_##type(&e.recipe);                                                               \
        saek_metrics_init(&e.metrics);                                                               \
        saek_evaluate_params_init(&e.params);                                                        \
        e.params.samples = 7;                                                                        \
        e.params.batch = ROWS;                                                                       \
        for (i = 0; i < FEATURES * STRIDE; i++) {                                                    \
            e.dictionary[i] = (real)(i % 3) - 1;                                                     \
            e.decoder[i % (LATENTS * STRIDE)] = (real)(i % 4);                                       \
        }                                                                                            \
        e.bias[0] = (real)0.5;                                                                       \
        GUARD(workspace_bytes);                                                                      \
        GUARD(workspace_align);                                                                      \
        GUARD_CONTENTS(e);                                                                           \
        GOOD(QUERY(type));                                                                           \
        BAD_GENERATOR_MEMORY(generator, e.recipe, QUERY(type));                                      \
        BAD(cols, 0, EMPTY, COLS, QUERY(type));                                                      \
        BAD(latents, 0, EMPTY, LATENTS, QUERY(type));                                                \
        BAD_LENGTH(cols, real, COLS, QUERY(type));                                                   \
        BAD_LENGTH(latents, real, LATENTS, QUERY(type));                                             \
        BAD(params, OFF_BY_ONE_BYTE(params), MISALIGNED, PARAMS, QUERY(type));                       \
        BAD_STRUCT(e.params, PARAMS, QUERY(type));                                                   \
        BAD(e.params.batch, 0, EMPTY, BATCH, QUERY(type));                                           \
        BAD(e.params.batch, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, QUERY(type));                        \
        BAD(e.params.batch, SIZE_MAX / 4 / sizeof(real), SIZE_OVERFLOW, WORKSPACE, QUERY(type));     \
        BAD_QUERY(bytes, align, QUERY(type));                                                        \
        CHECK(QUERY(type) == SAEK_STATUS_OK);                                                        \
        workspace = new_workspace(workspace_bytes, workspace_align, &owned);                         \
        RELEASE();                                                                                   \
        GUARD_CONTENTS(e);                                                                           \
        GOOD(EVALUATE(type));                                                                        \
        BAD_GENERATOR_MEMORY(generator, e.recipe, EVALUATE(type));                                   \
        BAD_GENERATOR_VALUES(e.recipe, EVALUATE(type));                                              \
        BAD_SCALING(e.recipe, EVALUATE(type));                                                       \
        BAD_PROBABILITIES(e.recipe, EVALUATE(type));                                                 \
        BAD_MATRIX(dictionary, dictionary_stride, DIMENSIONS, DICTIONARY, EVALUATE(type));           \
        NOT_FINITE(e.dictionary[STRIDE], DICTIONARY, EVALUATE(type));                                \
        BAD(cols, 0, EMPTY, DICTIONARY, EVALUATE(type));                                             \
        BAD(bias, OFF_BY_ONE_BYTE(bias), MISALIGNED, BIAS, EVALUATE(type));                          \
        NOT_FINITE(e.bias[DIMENSIONS - 1], BIAS, EVALUATE(type));                                    \
        BAD_MATRIX(decoder, decoder_stride, DIMENSIONS, DECODER, EVALUATE(type));                    \
        NOT_FINITE(e.decoder[1], DECODER, EVALUATE(type));                                           \
        BAD(latents, 0, EMPTY, DECODER, EVALUATE(type));                                             \
        BAD_LENGTH(latents, real, DECODER, EVALUATE(type));                                          \
        BAD(encode, NULL, NULL_POINTER, ENCODE, EVALUATE(type));                                     \
        BAD(decode, NULL, NULL_POINTER, DECODE, EVALUATE(type));                                     \
        BAD(params, OFF_BY_ONE_BYTE(params), MISALIGNED, PARAMS, EVALUATE(type));                    \
        BAD_STRUCT(e.params, PARAMS, EVALUATE(type));                                                \
        BAD(e.params.samples, 0, EMPTY, SAMPLES, EVALUATE(type));                                    \
        BAD(e.params.batch, 0, EMPTY, BATCH, EVALUATE(type));                                        \
        BAD(e.params.batch, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE, EVALUATE(type));                     \
        BAD(e.params.batch, 10000 * ROWS, WORKSPACE_TOO_SMALL, WORKSPACE, EVALUATE(type));              \
        BAD(e.params.first_row, UINT64_MAX - 6, SIZE_OVERFLOW, FIRST_ROW, EVALUATE(type));           \
        BAD_POINTER(metrics, METRICS, EVALUATE(type));                                               \
        BAD_STRUCT(e.metrics, METRICS, EVALUATE(type));                                              \
        BAD_POINTER(mcc, MCC, EVALUATE(type));                                                       \
        BAD(mcc, &e.metrics.true_l0, OVERLAP, MCC, EVALUATE(type));                                  \
        BAD(mcc, (double *)(void *)e.recipe.factor, OVERLAP, MCC, EVALUATE(type));                   \
        BAD(dictionary, (real *)(void *)&e.metrics, OVERLAP, METRICS, EVALUATE(type));               \
        BAD(bias, (real *)(void *)&e.metrics, OVERLAP, METRICS, EVALUATE(type));                     \
        BAD(decoder, (real *)(void *)&e.metrics, OVERLAP, METRICS, EVALUATE(type));                  \
        /* Modifiers are read to the end, so no output and no workspace may lie over one. */         \
        BAD(mcc, (double *)(void *)&e.recipe.hierarchy, OVERLAP, MODIFIERS, EVALUATE(type));         \
        BAD(e.recipe.hierarchy.exclusive, (uint8_t *)(void *)&e.mcc, OVERLAP, EXCLUSIVE, EVALUATE(type)); \
        memcpy(workspace, e.recipe.parents, sizeof e.recipe.parents);                                \
        BAD(e.recipe.hierarchy.parents, (uint32_t *)workspace, OVERLAP, PARENTS, EVALUATE(type));    \
        BAD_WORKSPACE(workspace, workspace_bytes, EVALUATE(type));                                   \
        BAD(dictionary, (real *)workspace, OVERLAP, WORKSPACE, EVALUATE(type));                      \
        BAD(mcc, (double *)workspace, OVERLAP, WORKSPACE, EVALUATE(type));                           \
        /* Whatever a callback does, metrics and mcc stay as they were. */                           \
        BAD(e.recipe.behaviour.answer, 1, CANCELLED, MODIFIERS, EVALUATE(type));                     \
        BAD(behaviours.encode.answer, 1, CANCELLED, ENCODE, EVALUATE(type));                         \
        BAD(behaviours.encode.answer, -1, CANCELLED, ENCODE, EVALUATE(type));                        \
        BAD(behaviours.decode.answer, 1, CANCELLED, DECODE, EVALUATE(type));                         \
        BAD(stop, 1, CANCELLED, PROGRESS, EVALUATE(type));                                           \
        e.recipe.behaviour.spoil = behaviours.encode.spoil = 1;                                      \
        e.recipe.behaviour.value = 1;                                                                \
        take_guards();                                                                               \
        NOT_FINITE(e.recipe.behaviour.value, MODIFIERS, EVALUATE(type));                             \
        NOT_FINITE(behaviours.encode.value, LATENTS, EVALUATE(type));                                \
        behaviours.encode.spoil = 0;                                                                 \
        behaviours.decode.spoil = 1;                                                                 \
        NOT_FINITE(behaviours.decode.value, DECODED, EVALUATE(type));                                \
        RELEASE();                                                                                   \
        free(owned);                                                                                 \
    }

BAD_EVALUATE(f32, float)
BAD_EVALUATE(f64, double)

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_saek_metrics_init();
    bad_saek_evaluate_params_init();
    RUN(lengths_of_the_state);
    bad_evaluation_begin();
    bad_evaluation_merge();
    bad_evaluation_finish();
    bad_evaluation_add_f32();
    bad_evaluation_add_f64();
    bad_evaluate_f32();
    bad_evaluate_f64();
    return finish();
}
