/* The bad-input table of the autoencoder: encode, decode, initialise, one training step. */
#include "refuse_variables.h"

enum { ROWS = 3, DIMENSIONS = 2, LATENTS = 4, STRIDE = 5, MOMENTS = 2 * (2 * DIMENSIONS * LATENTS + LATENTS + DIMENSIONS) };

BAD_INIT(saek_sae_f32, SAE, saek_sae_f32_init)
BAD_INIT(saek_sae_f64, SAE, saek_sae_f64_init)
BAD_INIT(saek_train_params, PARAMS, saek_train_params_init)
BAD_INIT(saek_train_report, REPORT, saek_train_report_init)

static void bad_sae_moments_len(void) {
    size_t memory, *count = &memory, cols = DIMENSIONS, latents = LATENTS;
    GUARD(memory);
    GOOD(saek_sae_moments_len(cols, latents, count));
    BAD_POINTER(count, COUNT, saek_sae_moments_len(cols, latents, count));
    BAD(cols, 0, EMPTY, COLS, saek_sae_moments_len(cols, latents, count));
    BAD(latents, 0, EMPTY, LATENTS, saek_sae_moments_len(cols, latents, count));
    BAD(cols, SIZE_MAX, SIZE_OVERFLOW, MOMENTS, saek_sae_moments_len(cols, latents, count));
    BAD(latents, SIZE_MAX / 4, SIZE_OVERFLOW, MOMENTS, saek_sae_moments_len(cols, latents, count));
    RELEASE();
}

/* An autoencoder, what goes in and what comes out. */
#define MODEL(type, real)                                                                            \
    struct model_##type {                                                                            \
        int64_t ordering[LATENTS];                                                                   \
        /* Aligned as the struct of a report is, which a case puts there. */                         \
        real moments[MOMENTS];                                                                       \
        real encoder[DIMENSIONS * STRIDE], encoder_bias[LATENTS];                                    \
        real decoder[LATENTS * STRIDE], decoder_bias[DIMENSIONS];                                    \
        real hidden[ROWS * STRIDE], latents[ROWS * STRIDE], decoded[ROWS * STRIDE];                  \
        real dictionary[LATENTS * STRIDE];                                                           \
        saek_train_params params;                                                                    \
        saek_train_report report;                                                                    \
        saek_sae_##type sae;                                                                         \
    };                                                                                               \
    static void model_init_##type(struct model_##type *m) {                                          \
        size_t i;                                                                                    \
        memset(m, 0, sizeof *m);                                                                     \
        for (i = 0; i < LATENTS * STRIDE; i++) {                                                     \
            m->dictionary[i] = (real)(i % 7) / 4;                                                    \
            m->decoder[i] = 1 - (real)(i % 3) / 2;                                                   \
        }                                                                                            \
        for (i = 0; i < DIMENSIONS * STRIDE; i++) {                                                  \
            m->encoder[i] = (real)(i % 4) / 2;                                                       \
        }                                                                                            \
        for (i = 0; i < ROWS * STRIDE; i++) {                                                        \
            m->hidden[i] = m->latents[i] = (real)(i % 5);                                            \
        }                                                                                            \
        for (i = 0; i < LATENTS; i++) {                                                              \
            m->ordering[i] = LATENTS - 1 - (int64_t)i;                                               \
        }                                                                                            \
        saek_train_params_init(&m->params);                                                          \
        saek_train_report_init(&m->report);                                                          \
        saek_sae_##type##_init(&m->sae);                                                             \
        m->sae.cols = DIMENSIONS;                                                                    \
        m->sae.latents = LATENTS;                                                                    \
        m->sae.encoder_stride = m->sae.decoder_stride = STRIDE;                                      \
        m->sae.encoder = m->encoder;                                                                 \
        m->sae.encoder_bias = m->encoder_bias;                                                       \
        m->sae.decoder = m->decoder;                                                                 \
        m->sae.decoder_bias = m->decoder_bias;                                                       \
    }

MODEL(f32, float)
MODEL(f64, double)

/* The struct and its two matrices, which every function looks at. */
#define BAD_MATRICES(pointer, m, call)                                                               \
    BAD_POINTER(pointer, SAE, call);                                                                 \
    BAD_STRUCT((m).sae, SAE, call);                                                                  \
    BAD((m).sae.subtract_decoder_bias, 2, UNKNOWN_VALUE, SUBTRACT_DECODER_BIAS, call);               \
    BAD((m).sae.subtract_decoder_bias, UINT32_MAX, UNKNOWN_VALUE, SUBTRACT_DECODER_BIAS, call);      \
    BAD_MATRIX((m).sae.encoder, (m).sae.encoder_stride, LATENTS, ENCODER, call);                     \
    BAD_MATRIX((m).sae.decoder, (m).sae.decoder_stride, DIMENSIONS, DECODER, call);                  \
    BAD((m).sae.cols, 0, EMPTY, ENCODER, call);                                                      \
    BAD((m).sae.latents, 0, EMPTY, ENCODER, call);                                                   \
    BAD_LENGTH((m).sae.cols, *(m).encoder, ENCODER, call);                                           \
    BAD((m).sae.latents, SIZE_MAX, STRIDE, ENCODER, call);                                           \
    BAD((m).sae.latents, STRIDE + 1, STRIDE, ENCODER, call)

/* The biases and the weights' values too. */
#define BAD_WEIGHTS(pointer, m, call)                                                                \
    BAD_MATRICES(pointer, m, call);                                                                  \
    BAD_POINTER((m).sae.encoder_bias, ENCODER_BIAS, call);                                           \
    BAD_POINTER((m).sae.decoder_bias, DECODER_BIAS, call);                                           \
    NOT_FINITE((m).encoder[LATENTS - 1], ENCODER, call);                                             \
    NOT_FINITE((m).encoder_bias[0], ENCODER_BIAS, call);                                             \
    NOT_FINITE((m).decoder[STRIDE + 1], DECODER, call);                                              \
    NOT_FINITE((m).decoder_bias[DIMENSIONS - 1], DECODER_BIAS, call)

/* An output of at most ROWS * STRIDE elements over the weights. */
#define OVER_WEIGHTS(out, m, argument, call)                                                         \
    BAD(out, (m).encoder, OVERLAP, argument, call);                                                  \
    BAD(out, (m).encoder_bias, OVERLAP, argument, call);                                             \
    BAD(out, (m).decoder, OVERLAP, argument, call);                                                  \
    BAD(out, (m).decoder_bias, OVERLAP, argument, call)

#define ENCODE_QUERY(type) saek_sae_encode_##type##_workspace(rows, cols, bytes, align)
#define ENCODE(type)                                                                                 \
    saek_sae_encode_##type(sae, hidden, rows, hidden_stride, latents, latents_stride, workspace, workspace_bytes)
#define DECODE(type) saek_sae_decode_##type(sae, latents, rows, latents_stride, decoded, decoded_stride)
#define MATCH(type)                                                                                  \
    saek_sae_initialise_to_match_##type(sae, dictionary, rows, stride, noise_level, ordering, 1, 2)

#define BAD_CODING(type, real)                                                                       \
    static void bad_sae_encode_##type(void) {                                                        \
        struct model_##type m;                                                                       \
        const saek_sae_##type *sae = &m.sae;                                                         \
        const real *hidden = m.hidden;                                                               \
        real *latents = m.latents;                                                                   \
        size_t rows = ROWS, cols = DIMENSIONS, hidden_stride = STRIDE, latents_stride = STRIDE;      \
        size_t workspace_bytes, workspace_align, *bytes = &workspace_bytes, *align = &workspace_align; \
        void *workspace, *owned;                                                                     \
        model_init_##type(&m);                                                                       \
        GUARD(workspace_bytes);                                                                      \
        GUARD(workspace_align);                                                                      \
        GOOD(ENCODE_QUERY(type));                                                                    \
        BAD_QUERY(bytes, align, ENCODE_QUERY(type));                                                 \
        BAD(rows, 0, EMPTY, HIDDEN, ENCODE_QUERY(type));                                             \
        BAD(cols, 0, EMPTY, HIDDEN, ENCODE_QUERY(type));                                             \
        BAD_LENGTH(rows, real, HIDDEN, ENCODE_QUERY(type));                                          \
        BAD_LENGTH(cols, real, HIDDEN, ENCODE_QUERY(type));                                          \
        /* As many bytes as there are addresses, with no room to round up. */                        \
        cols = 1;                                                                                    \
        BAD(rows, SIZE_MAX / 2 / sizeof(real), SIZE_OVERFLOW, WORKSPACE, ENCODE_QUERY(type));        \
        cols = DIMENSIONS;                                                                           \
        CHECK(ENCODE_QUERY(type) == SAEK_STATUS_OK);                                                 \
        workspace = new_workspace(workspace_bytes, workspace_align, &owned);                         \
        RELEASE();                                                                                   \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(ENCODE(type));                                                                          \
        BAD_WEIGHTS(sae, m, ENCODE(type));                                                           \
        BAD_MATRIX(hidden, hidden_stride, DIMENSIONS, HIDDEN, ENCODE(type));                         \
        NOT_FINITE(m.hidden[STRIDE + 1], HIDDEN, ENCODE(type));                                      \
        BAD(rows, 0, EMPTY, HIDDEN, ENCODE(type));                                                   \
        BAD_LENGTH(rows, real, HIDDEN, ENCODE(type));                                                \
        BAD_MATRIX(latents, latents_stride, LATENTS, LATENTS, ENCODE(type));                         \
        OVER_WEIGHTS(latents, m, LATENTS, ENCODE(type));                                             \
        BAD(latents, m.hidden, OVERLAP, LATENTS, ENCODE(type));                                      \
        BAD_WORKSPACE(workspace, workspace_bytes, ENCODE(type));                                     \
        BAD(latents, (real *)workspace, OVERLAP, WORKSPACE, ENCODE(type));                           \
        BAD(hidden, (real *)workspace, OVERLAP, WORKSPACE, ENCODE(type));                            \
        RELEASE();                                                                                   \
        free(owned);                                                                                 \
    }                                                                                                \
    static void bad_sae_decode_##type(void) {                                                        \
        struct model_##type m;                                                                       \
        const saek_sae_##type *sae = &m.sae;                                                         \
        const real *latents = m.latents;                                                             \
        real *decoded = m.decoded;                                                                   \
        size_t rows = ROWS, latents_stride = STRIDE, decoded_stride = STRIDE;                        \
        model_init_##type(&m);                                                                       \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(DECODE(type));                                                                          \
        BAD_WEIGHTS(sae, m, DECODE(type));                                                           \
        BAD_MATRIX(latents, latents_stride, LATENTS, LATENTS, DECODE(type));                         \
        NOT_FINITE(m.latents[LATENTS - 1], LATENTS, DECODE(type));                                   \
        BAD(rows, 0, EMPTY, LATENTS, DECODE(type));                                                  \
        BAD_LENGTH(rows, real, LATENTS, DECODE(type));                                               \
        BAD_MATRIX(decoded, decoded_stride, DIMENSIONS, DECODED, DECODE(type));                      \
        OVER_WEIGHTS(decoded, m, DECODED, DECODE(type));                                             \
        BAD(decoded, m.latents, OVERLAP, DECODED, DECODE(type));                                     \
        RELEASE();                                                                                   \
    }                                                                                                \
    static void bad_sae_initialise_to_match_##type(void) {                                           \
        struct model_##type m;                                                                       \
        const saek_sae_##type *sae = &m.sae;                                                         \
        const real *dictionary = m.dictionary;                                                       \
        const int64_t *ordering = m.ordering;                                                        \
        size_t rows = LATENTS - 1, stride = STRIDE;                                                  \
        double noise_level = 0.5;                                                                    \
        model_init_##type(&m);                                                                       \
        m.ordering[0] = 0;                                                                           \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(MATCH(type));                                                                           \
        BAD_MATRICES(sae, m, MATCH(type));                                                           \
        BAD_MATRIX(dictionary, stride, DIMENSIONS, DICTIONARY, MATCH(type));                         \
        NOT_FINITE(m.dictionary[1], DICTIONARY, MATCH(type));                                        \
        BAD(rows, 0, EMPTY, DICTIONARY, MATCH(type));                                                \
        BAD_LENGTH(rows, real, DICTIONARY, MATCH(type));                                             \
        NOT_FINITE(noise_level, NOISE_LEVEL, MATCH(type));                                           \
        BAD(noise_level, -0.5, OUT_OF_RANGE, NOISE_LEVEL, MATCH(type));                              \
        BAD(ordering, OFF_BY_ONE_BYTE(ordering), MISALIGNED, ORDERING, MATCH(type));                 \
        BAD(m.ordering[1], LATENTS - 1, INDEX_OUT_OF_RANGE, ORDERING, MATCH(type));                  \
        BAD(m.ordering[1], -1, INDEX_OUT_OF_RANGE, ORDERING, MATCH(type));                           \
        /* The last column stays as it is, the others are replaced. */                               \
        NOT_FINITE(m.encoder[LATENTS - 1], ENCODER, MATCH(type));                                    \
        BAD(m.sae.decoder, m.encoder, OVERLAP, DECODER, MATCH(type));                                \
        BAD(dictionary, m.encoder, OVERLAP, DICTIONARY, MATCH(type));                                \
        BAD(dictionary, m.decoder, OVERLAP, DICTIONARY, MATCH(type));                                \
        BAD(m.sae.decoder, (real *)(void *)m.ordering, OVERLAP, ORDERING, MATCH(type));              \
        m.encoder[0] = NAN;                                                                          \
        take_guards();                                                                               \
        GOOD(MATCH(type));                                                                           \
        RELEASE();                                                                                   \
    }

BAD_CODING(f32, float)
BAD_CODING(f64, double)

#define TRAIN_QUERY(type) saek_sae_train_step_##type##_workspace(rows, cols, latents, bytes, align)
#define TRAIN(type)                                                                                  \
    saek_sae_train_step_##type(sae, moments, moments_len, step, hidden, rows, hidden_stride, params, report, workspace, \
                               workspace_bytes)

#define BAD_TRAINING(type, real, huge)                                                               \
    static void bad_sae_train_step_##type(void) {                                                    \
        struct model_##type m;                                                                       \
        const saek_sae_##type *sae = &m.sae;                                                         \
        const real *hidden = m.hidden;                                                               \
        real *moments = m.moments;                                                                   \
        const saek_train_params *params = &m.params;                                                 \
        saek_train_report *report = &m.report;                                                       \
        size_t rows = ROWS, cols = DIMENSIONS, latents = LATENTS;                                    \
        size_t hidden_stride = STRIDE, moments_len = MOMENTS;                                        \
        uint64_t step = 0;                                                                           \
        size_t workspace_bytes, workspace_align, *bytes = &workspace_bytes, *align = &workspace_align; \
        void *workspace, *owned;                                                                     \
        model_init_##type(&m);                                                                       \
        GUARD(workspace_bytes);                                                                      \
        GUARD(workspace_align);                                                                      \
        GOOD(TRAIN_QUERY(type));                                                                     \
        BAD_QUERY(bytes, align, TRAIN_QUERY(type));                                                  \
        BAD(rows, 0, EMPTY, HIDDEN, TRAIN_QUERY(type));                                              \
        BAD(cols, 0, EMPTY, HIDDEN, TRAIN_QUERY(type));                                              \
        BAD(latents, 0, EMPTY, ENCODER, TRAIN_QUERY(type));                                          \
        BAD_LENGTH(rows, real, HIDDEN, TRAIN_QUERY(type));                                           \
        BAD_LENGTH(cols, real, HIDDEN, TRAIN_QUERY(type));                                           \
        BAD_LENGTH(latents, real, ENCODER, TRAIN_QUERY(type));                                       \
        BAD(rows, SIZE_MAX / 8 / sizeof(real), SIZE_OVERFLOW, WORKSPACE, TRAIN_QUERY(type));         \
        BAD(latents, SIZE_MAX / 8 / sizeof(real), SIZE_OVERFLOW, WORKSPACE, TRAIN_QUERY(type));      \
        CHECK(TRAIN_QUERY(type) == SAEK_STATUS_OK);                                                  \
        workspace = new_workspace(workspace_bytes, workspace_align, &owned);                         \
        RELEASE();                                                                                   \
        GUARD_CONTENTS(m);                                                                           \
        GOOD(TRAIN(type));                                                                           \
        BAD_WEIGHTS(sae, m, TRAIN(type));                                                            \
        /* All weights are written, so no two may share memory. */                                   \
        BAD(m.sae.encoder_bias, m.encoder, OVERLAP, ENCODER_BIAS, TRAIN(type));                      \
        BAD(m.sae.decoder, m.encoder, OVERLAP, DECODER, TRAIN(type));                                \
        BAD(m.sae.decoder, m.encoder_bias, OVERLAP, DECODER, TRAIN(type));                           \
        BAD(m.sae.decoder_bias, m.encoder, OVERLAP, DECODER_BIAS, TRAIN(type));                      \
        BAD(m.sae.decoder_bias, m.encoder_bias, OVERLAP, DECODER_BIAS, TRAIN(type));                 \
        BAD(m.sae.decoder_bias, m.decoder, OVERLAP, DECODER_BIAS, TRAIN(type));                      \
        BAD_POINTER(moments, MOMENTS, TRAIN(type));                                                  \
        BAD_LENGTH(moments_len, real, MOMENTS, TRAIN(type));                                         \
        BAD(moments_len, MOMENTS - 1, SHAPE, MOMENTS, TRAIN(type));                                  \
        BAD(moments_len, 0, SHAPE, MOMENTS, TRAIN(type));                                            \
        NOT_FINITE(m.moments[0], MOMENTS, TRAIN(type));                                              \
        NOT_FINITE(m.moments[MOMENTS - 1], MOMENTS, TRAIN(type));                                    \
        OVER_WEIGHTS(moments, m, MOMENTS, TRAIN(type));                                              \
        BAD(step, UINT64_MAX, OUT_OF_RANGE, STEP, TRAIN(type));                                      \
        BAD_MATRIX(hidden, hidden_stride, DIMENSIONS, HIDDEN, TRAIN(type));                          \
        NOT_FINITE(m.hidden[STRIDE], HIDDEN, TRAIN(type));                                           \
        BAD(rows, 0, EMPTY, HIDDEN, TRAIN(type));                                                    \
        BAD_LENGTH(rows, real, HIDDEN, TRAIN(type));                                                 \
        OVER_WEIGHTS(hidden, m, HIDDEN, TRAIN(type));                                                \
        BAD(hidden, m.moments, OVERLAP, HIDDEN, TRAIN(type));                                        \
        BAD(params, OFF_BY_ONE_BYTE(params), MISALIGNED, PARAMS, TRAIN(type));                       \
        BAD_STRUCT(m.params, PARAMS, TRAIN(type));                                                   \
        NOT_FINITE(m.params.learning_rate, LEARNING_RATE, TRAIN(type));                              \
        BAD(m.params.learning_rate, -0.001, OUT_OF_RANGE, LEARNING_RATE, TRAIN(type));               \
        NOT_FINITE(m.params.beta1, BETA1, TRAIN(type));                                              \
        BAD(m.params.beta1, 1, OUT_OF_RANGE, BETA1, TRAIN(type));                                    \
        BAD(m.params.beta1, -0.1, OUT_OF_RANGE, BETA1, TRAIN(type));                                 \
        NOT_FINITE(m.params.beta2, BETA2, TRAIN(type));                                              \
        BAD(m.params.beta2, 1, OUT_OF_RANGE, BETA2, TRAIN(type));                                    \
        BAD(m.params.beta2, -0.1, OUT_OF_RANGE, BETA2, TRAIN(type));                                 \
        NOT_FINITE(m.params.epsilon, EPSILON, TRAIN(type));                                          \
        BAD(m.params.epsilon, 0, OUT_OF_RANGE, EPSILON, TRAIN(type));                                \
        NOT_FINITE(m.params.l1_coefficient, L1_COEFFICIENT, TRAIN(type));                            \
        BAD(m.params.l1_coefficient, -1, OUT_OF_RANGE, L1_COEFFICIENT, TRAIN(type));                 \
        BAD(report, OFF_BY_ONE_BYTE(report), MISALIGNED, REPORT, TRAIN(type));                       \
        BAD_STRUCT(m.report, REPORT, TRAIN(type));                                                   \
        /* A report over the first moments, whose first bytes are the size of one. */                \
        memcpy(m.moments, &m.report, sizeof m.report);                                               \
        take_guards();                                                                               \
        BAD(report, (saek_train_report *)(void *)m.moments, OVERLAP, REPORT, TRAIN(type));           \
        memset(m.moments, 0, sizeof m.moments);                                                      \
        take_guards();                                                                               \
        BAD_WORKSPACE(workspace, workspace_bytes, TRAIN(type));                                      \
        BAD(hidden, (real *)workspace, OVERLAP, WORKSPACE, TRAIN(type));                             \
        BAD(moments, (real *)workspace, OVERLAP, WORKSPACE, TRAIN(type));                            \
        BAD(m.hidden[0], huge, DIVERGED, SAE, TRAIN(type));                                          \
        RELEASE();                                                                                   \
        free(owned);                                                                                 \
    }

/* The square of the largest double is no double; that of the largest float is one, but a latent overflows. */
BAD_TRAINING(f32, float, 3e38f)
BAD_TRAINING(f64, double, 1e300)

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_saek_sae_f32_init();
    bad_saek_sae_f64_init();
    bad_saek_train_params_init();
    bad_saek_train_report_init();
    bad_sae_moments_len();
    bad_sae_encode_f32();
    bad_sae_encode_f64();
    bad_sae_decode_f32();
    bad_sae_decode_f64();
    bad_sae_initialise_to_match_f32();
    bad_sae_initialise_to_match_f64();
    bad_sae_train_step_f32();
    bad_sae_train_step_f64();
    return finish();
}
