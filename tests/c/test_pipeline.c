/* From a recipe to a judged autoencoder, as a C program goes: sample, project, initialise, train, evaluate, cancel. */
#include "check.h"
#include "sae_kernels.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FEATURES = 6, COLS = 8, LATENTS = FEATURES, NODES = 3, MOST_ROWS = 64, WORKSPACE = 1 << 18 };

/* What a callback modifier saw, and what it answers. */
struct visit {
    uint64_t first_row;
    size_t rows;
    int position, answer;
};

/* Room for a workspace, and for that of a callback while the first is in use. */
static unsigned char workspace_memory[WORKSPACE + 64], callback_memory[WORKSPACE + 64];
static int calls;

/* Aligned for the widest registers. */
static void *aligned(unsigned char *memory) {
    return memory + (64 - (uintptr_t)memory % 64) % 64;
}

static void *workspace(void) {
    return aligned(workspace_memory);
}

/* Doubles what fires, and notes how many modifiers came before. */
static int double_up(void *context, uint64_t first_row, float *activations, size_t rows, size_t cols, size_t stride) {
    struct visit *visit = (struct visit *)context;
    size_t r, j;
    visit->first_row = first_row;
    visit->rows = rows;
    visit->position = calls++;
    for (r = 0; r < rows; r++) {
        for (j = 0; j < cols; j++) {
            activations[r * stride + j] *= 2;
        }
    }
    return visit->answer;
}

static float correlation[FEATURES * FEATURES], factor[FEATURES * FEATURES], thresholds[FEATURES];
static const float probability = 0.4f, mean = 1, std_dev = 0.1f;
/* Features 1 and 2 fire only with feature 0, and not together. */
static const uint32_t parents[NODES] = {SAEK_NONE, 0, 0}, node_features[NODES] = {0, 1, 2};
static const uint8_t exclusive[NODES] = {1, 0, 0};
static saek_firing_f32 firing;
static saek_modifier_f32 first, hierarchy, last;
static struct visit first_visit, last_visit;
static const saek_modifier_f32 *modifiers[3] = {&first, &hierarchy, &last};

static saek_modifier_f32 callback(struct visit *visit) {
    saek_modifier_f32 modifier;
    memset(&modifier, 0, sizeof modifier);
    memset(visit, 0, sizeof *visit);
    modifier.struct_size = sizeof modifier;
    modifier.kind = SAEK_MODIFIER_CALLBACK;
    modifier.modify = double_up;
    modifier.context = visit;
    return modifier;
}

/* Correlated features under a callback, a hierarchy and another callback. */
static saek_generator_f32 recipe(void) {
    saek_generator_f32 generator;
    size_t i;
    memset(&generator, 0, sizeof generator);
    memset(correlation, 0, sizeof correlation);
    for (i = 0; i < FEATURES; i++) {
        correlation[i * FEATURES + i] = 1;
    }
    correlation[3 * FEATURES + 4] = correlation[4 * FEATURES + 3] = 0.9f;
    CHECK(saek_correlation_factorise_f32(correlation, FEATURES, FEATURES, factor, FEATURES, workspace(), WORKSPACE) == 0);
    CHECK(saek_correlation_thresholds_f32(&probability, 1, thresholds, FEATURES) == 0);
    CHECK(saek_firing_f32_init(&firing) == 0);
    firing.probabilities = &probability;
    firing.means = &mean;
    firing.std_devs = &std_dev;
    firing.probabilities_len = firing.means_len = firing.std_devs_len = 1;
    memset(&hierarchy, 0, sizeof hierarchy);
    hierarchy.struct_size = sizeof hierarchy;
    hierarchy.kind = SAEK_MODIFIER_HIERARCHY;
    hierarchy.parents = parents;
    hierarchy.features = node_features;
    hierarchy.exclusive = exclusive;
    hierarchy.nodes = NODES;
    first = callback(&first_visit);
    last = callback(&last_visit);
    generator.struct_size = sizeof generator;
    generator.features = FEATURES;
    generator.firing = &firing;
    generator.factor = factor;
    generator.factor_stride = FEATURES;
    generator.thresholds = thresholds;
    generator.modifiers = modifiers;
    generator.modifiers_len = 3;
    generator.seed = 11;
    return generator;
}

static void workspaces_fit(void) {
    saek_generator_f32 generator = recipe();
    size_t bytes, align;
    CHECK(saek_generator_sample_f32_workspace(&generator, &bytes, &align) == 0);
    CHECK(bytes > 0 && bytes <= WORKSPACE && align <= 64);
    CHECK(saek_evaluate_f32_workspace(&generator, COLS, LATENTS, NULL, &bytes, &align) == 0);
    CHECK(bytes <= WORKSPACE && align <= 64);
    /* Independent features without a hierarchy need none. */
    generator.factor = NULL;
    generator.modifiers_len = 0;
    CHECK(saek_generator_sample_f32_workspace(&generator, &bytes, &align) == 0 && bytes == 0);
    CHECK(saek_generator_sample_f32(&generator, 0, correlation, 1, FEATURES, NULL, 0) == 0);
}

static void samples_follow_the_recipe_whatever_the_split(void) {
    saek_generator_f32 generator = recipe();
    float whole[MOST_ROWS * FEATURES], parts[MOST_ROWS * FEATURES];
    size_t i, r, together = 0, fours = 0;
    calls = 0;
    CHECK(saek_generator_sample_f32(&generator, 100, whole, MOST_ROWS, FEATURES, workspace(), WORKSPACE) == 0);
    CHECK(first_visit.position == 0 && last_visit.position == 1 && calls == 2);
    CHECK(first_visit.first_row == 100 && last_visit.first_row == 100 && first_visit.rows == MOST_ROWS);
    for (r = 0; r < MOST_ROWS; r += i) {
        i = r == 0 ? 1 : MOST_ROWS - r < 17 ? MOST_ROWS - r : 17;
        CHECK(saek_generator_sample_f32(&generator, 100 + r, parts + r * FEATURES, i, FEATURES, workspace(), WORKSPACE)
              == 0);
        CHECK(first_visit.first_row == 100 + r && first_visit.rows == i);
    }
    CHECK(memcmp(whole, parts, sizeof whole) == 0);
    for (r = 0; r < MOST_ROWS; r++) {
        const float *x = whole + r * FEATURES;
        CHECK(x[0] > 0 || (x[1] == 0 && x[2] == 0));
        CHECK(x[1] == 0 || x[2] == 0);
        /* Doubled twice. */
        CHECK(x[0] == 0 || fabsf(x[0] - 4) < 2.5f);
        together += x[3] > 0 && x[4] > 0;
        fours += x[4] > 0;
    }
    CHECK(fours > 0 && 2 * together > fours);
}

static float dictionary[FEATURES * COLS], bias[COLS];

/* Orthogonal unit rows, a few columns of which are a plane's sines and cosines. */
static void fill_dictionary(void) {
    size_t i;
    memset(dictionary, 0, sizeof dictionary);
    for (i = 0; i < FEATURES; i++) {
        dictionary[i * COLS + i] = 1;
    }
    dictionary[0] = dictionary[COLS + 1] = 0.8f;
    dictionary[1] = 0.6f;
    dictionary[COLS] = -0.6f;
}

static void sparse_and_dense_samples_project_alike(void) {
    saek_generator_f32 generator = recipe();
    float activations[MOST_ROWS * FEATURES], values[MOST_ROWS * FEATURES], x, y;
    float dense[MOST_ROWS * COLS], sparse[MOST_ROWS * COLS];
    int64_t row_offsets[MOST_ROWS + 1];
    uint32_t columns[MOST_ROWS * FEATURES];
    size_t i, nnz;
    fill_dictionary();
    for (i = 0; i < COLS; i++) {
        bias[i] = (float)i / 8;
    }
    CHECK(saek_generator_sample_f32(&generator, 0, activations, MOST_ROWS, FEATURES, workspace(), WORKSPACE) == 0);
    CHECK(saek_csr_from_dense_f32(activations, MOST_ROWS, FEATURES, FEATURES, row_offsets, NULL, NULL, 0)
          == SAEK_STATUS(SAEK_STATUS_CAPACITY, SAEK_ARGUMENT_CAPACITY));
    nnz = (size_t)row_offsets[MOST_ROWS];
    CHECK(nnz > 0 && nnz < MOST_ROWS * FEATURES);
    CHECK(saek_csr_from_dense_f32(activations, MOST_ROWS, FEATURES, FEATURES, row_offsets, columns, values, nnz) == 0);
    CHECK(saek_project_csr_f32(row_offsets, columns, values, nnz, MOST_ROWS, FEATURES, dictionary, COLS, bias, sparse,
                               COLS, COLS) == 0);
    CHECK(saek_project_dense_f32(activations, MOST_ROWS, FEATURES, FEATURES, dictionary, COLS, bias, dense, COLS, COLS)
          == 0);
    for (i = 0; i < MOST_ROWS * COLS; i++) {
        x = dense[i], y = sparse[i];
        CHECK(fabsf(x - y) <= 1e-5f);
    }
}

/* The library's own autoencoder behind callbacks. */
struct model {
    float encoder[COLS * LATENTS], encoder_bias[LATENTS], decoder[LATENTS * COLS], decoder_bias[COLS];
    saek_sae_f32 sae;
    int encode_answer, decode_answer;
};

static int encode(void *context, const float *hidden, size_t rows, size_t cols, size_t hidden_stride, float *encoded,
                  size_t latents, size_t encoded_stride) {
    struct model *m = (struct model *)context;
    CHECK(cols == COLS && latents == LATENTS);
    CHECK(saek_sae_encode_f32(&m->sae, hidden, rows, hidden_stride, encoded, encoded_stride, aligned(callback_memory),
                              WORKSPACE) == 0);
    return m->encode_answer;
}

static int decode(void *context, const float *encoded, size_t rows, size_t latents, size_t encoded_stride,
                  float *decoded, size_t cols, size_t decoded_stride) {
    struct model *m = (struct model *)context;
    CHECK(cols == COLS && latents == LATENTS);
    CHECK(saek_sae_decode_f32(&m->sae, encoded, rows, encoded_stride, decoded, decoded_stride) == 0);
    return m->decode_answer;
}

/* Makes a model match the dictionary, but for noise. */
static void match(struct model *m, double noise) {
    memset(m, 0, sizeof *m);
    CHECK(saek_sae_f32_init(&m->sae) == 0);
    m->sae.cols = COLS;
    m->sae.latents = LATENTS;
    m->sae.encoder = m->encoder;
    m->sae.encoder_stride = LATENTS;
    m->sae.encoder_bias = m->encoder_bias;
    m->sae.decoder = m->decoder;
    m->sae.decoder_stride = COLS;
    m->sae.decoder_bias = m->decoder_bias;
    fill_dictionary();
    CHECK(saek_sae_initialise_to_match_f32(&m->sae, dictionary, FEATURES, COLS, noise, NULL, 1, 2) == 0);
}

/* Counts the reports, and stops after the one with this number, if any. */
struct watch {
    uint64_t reports, stop_after, last_step, total;
};

static int watch_progress(void *context, const saek_progress *progress) {
    struct watch *watch = (struct watch *)context;
    CHECK(progress->struct_size == sizeof *progress && progress->step > watch->last_step);
    watch->last_step = progress->step;
    watch->total = progress->total;
    return ++watch->reports == watch->stop_after;
}

static saek_status evaluate(struct model *m, const saek_generator_f32 *generator, const saek_evaluate_params *params,
                            struct watch *watch, saek_metrics *metrics, double *mcc) {
    return saek_evaluate_f32(generator, dictionary, COLS, COLS, NULL, m->decoder, LATENTS, COLS, encode, decode, m, params,
                             watch_progress, watch, metrics, mcc, workspace(), WORKSPACE);
}

static void a_matching_autoencoder_is_perfect(void) {
    saek_generator_f32 generator = recipe();
    saek_evaluate_params params;
    saek_metrics metrics;
    struct watch watch = {0, 0, 0, 0};
    struct model m;
    double mcc = 0;
    match(&m, 0);
    CHECK(saek_evaluate_params_init(&params) == 0 && saek_metrics_init(&metrics) == 0);
    params.samples = 100;
    params.batch = 32;
    params.first_row = 1000;
    CHECK(evaluate(&m, &generator, &params, &watch, &metrics, &mcc) == 0);
    CHECK(watch.reports == 4 && watch.last_step == 100 && watch.total == 100);
    CHECK(first_visit.first_row == 1000 + 96 && first_visit.rows == 4);
    CHECK(fabs(mcc - 1) < 1e-6 && fabs(metrics.shrinkage - 1) < 1e-5);
    CHECK(metrics.samples == 100 && metrics.kept > 0 && metrics.kept <= 100 && metrics.dead_latents == 0);
    CHECK(metrics.true_l0 > 0.5 && metrics.sae_l0 >= metrics.true_l0);
}

static void every_callback_can_cancel(void) {
    saek_generator_f32 generator = recipe();
    saek_evaluate_params params;
    saek_metrics metrics;
    struct watch watch = {0, 0, 0, 0};
    struct model m;
    double mcc = -1;
    match(&m, 0);
    CHECK(saek_evaluate_params_init(&params) == 0 && saek_metrics_init(&metrics) == 0);
    params.samples = 100;
    params.batch = 32;
    m.encode_answer = 1;
    CHECK(evaluate(&m, &generator, &params, &watch, &metrics, &mcc)
          == SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_ENCODE));
    m.encode_answer = 0;
    m.decode_answer = 1;
    CHECK(evaluate(&m, &generator, &params, &watch, &metrics, &mcc)
          == SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_DECODE));
    m.decode_answer = 0;
    calls = 0;
    first_visit.answer = 1;
    CHECK(evaluate(&m, &generator, &params, &watch, &metrics, &mcc)
          == SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_MODIFIERS));
    /* The first modifier breaks off, so the last is not called. */
    CHECK(calls == 1 && watch.reports == 0);
    first_visit.answer = 0;
    watch.stop_after = 2;
    CHECK(evaluate(&m, &generator, &params, &watch, &metrics, &mcc)
          == SAEK_STATUS(SAEK_STATUS_CANCELLED, SAEK_ARGUMENT_PROGRESS));
    CHECK(watch.reports == 2 && watch.last_step == 64);
    CHECK(mcc == -1 && metrics.samples == 0);
}

enum { COUNTS = LATENTS + 4, SUMS = 2 };

/* Adds samples first_row to first_row + rows - 1 to a state. */
static void add_samples(struct model *m, uint64_t *counts, double *sums, uint64_t first_row, size_t rows) {
    saek_generator_f32 generator = recipe();
    float x[MOST_ROWS * FEATURES], h[MOST_ROWS * COLS], z[MOST_ROWS * LATENTS], y[MOST_ROWS * COLS];
    CHECK(saek_generator_sample_f32(&generator, first_row, x, rows, FEATURES, workspace(), WORKSPACE) == 0);
    CHECK(saek_project_dense_f32(x, rows, FEATURES, FEATURES, dictionary, COLS, NULL, h, COLS, COLS) == 0);
    CHECK(encode(m, h, rows, COLS, COLS, z, LATENTS, LATENTS) == 0 && decode(m, z, rows, LATENTS, LATENTS, y, COLS, COLS) == 0);
    CHECK(saek_evaluation_add_f32(counts, COUNTS, sums, SUMS, x, rows, FEATURES, FEATURES, h, COLS, COLS, z, LATENTS, LATENTS,
                                  y, COLS) == 0);
}

static void merged_halves_equal_the_whole(void) {
    uint64_t counts[3][COUNTS];
    double sums[3][SUMS], mcc;
    saek_metrics of_whole, of_halves, of_call;
    saek_generator_f32 generator = recipe();
    saek_evaluate_params params;
    struct watch watch = {0, 0, 0, 0};
    struct model m;
    size_t i;
    match(&m, 0.2);
    for (i = 0; i < 3; i++) {
        CHECK(saek_evaluation_begin(counts[i], saek_evaluation_counts_len(LATENTS), sums[i], saek_evaluation_sums_len(),
                                    LATENTS) == 0);
    }
    add_samples(&m, counts[0], sums[0], 5, 60);
    add_samples(&m, counts[1], sums[1], 5, 25);
    add_samples(&m, counts[2], sums[2], 30, 35);
    CHECK(saek_evaluation_merge(counts[1], COUNTS, sums[1], SUMS, counts[2], COUNTS, sums[2], SUMS) == 0);
    CHECK(memcmp(counts[0], counts[1], sizeof counts[0]) == 0);
    CHECK(saek_metrics_init(&of_whole) == 0 && saek_metrics_init(&of_halves) == 0 && saek_metrics_init(&of_call) == 0);
    CHECK(saek_evaluation_finish(counts[0], COUNTS, sums[0], SUMS, &of_whole) == 0);
    CHECK(saek_evaluation_finish(counts[1], COUNTS, sums[1], SUMS, &of_halves) == 0);
    CHECK(of_whole.samples == 60 && of_halves.samples == 60 && of_whole.kept == of_halves.kept);
    CHECK(of_whole.true_l0 == of_halves.true_l0 && of_whole.sae_l0 == of_halves.sae_l0);
    CHECK(of_whole.shrinkage > 0 && fabs(of_whole.shrinkage - of_halves.shrinkage) < 1e-12);
    CHECK(saek_evaluate_params_init(&params) == 0);
    params.samples = 60;
    params.first_row = 5;
    params.batch = 60;
    CHECK(evaluate(&m, &generator, &params, &watch, &of_call, &mcc) == 0);
    CHECK(of_call.true_l0 == of_whole.true_l0 && of_call.sae_l0 == of_whole.sae_l0);
    CHECK(fabs(of_call.shrinkage - of_whole.shrinkage) < 1e-12);
}

static void training_lowers_the_loss(void) {
    saek_generator_f32 generator = recipe();
    saek_train_params params;
    saek_train_report report;
    float x[MOST_ROWS * FEATURES], h[MOST_ROWS * COLS], *moments;
    struct model m;
    double first_loss = 0;
    size_t step, moments_len, bytes, align;
    match(&m, 0.3);
    CHECK(saek_generator_sample_f32(&generator, 0, x, MOST_ROWS, FEATURES, workspace(), WORKSPACE) == 0);
    CHECK(saek_project_dense_f32(x, MOST_ROWS, FEATURES, FEATURES, dictionary, COLS, NULL, h, COLS, COLS) == 0);
    CHECK(saek_sae_moments_len(COLS, LATENTS, &moments_len) == 0);
    CHECK(saek_sae_train_step_f32_workspace(MOST_ROWS, COLS, LATENTS, &bytes, &align) == 0 && bytes <= WORKSPACE);
    moments = (float *)calloc(moments_len, sizeof *moments);
    CHECK(saek_train_params_init(&params) == 0 && saek_train_report_init(&report) == 0);
    params.learning_rate = 0.01;
    params.l1_coefficient = 0.01;
    for (step = 0; step < 50; step++) {
        CHECK(saek_sae_train_step_f32(&m.sae, moments, moments_len, step, h, MOST_ROWS, COLS, &params, &report, workspace(),
                                      bytes) == 0);
        CHECK(fabs(report.loss - report.mse - 0.01 * report.l1) <= 1e-12 * report.loss);
        first_loss = step == 0 ? report.loss : first_loss;
    }
    CHECK(report.loss > 0 && report.loss < first_loss / 2);
    free(moments);
}

int main(void) {
    RUN(workspaces_fit);
    RUN(samples_follow_the_recipe_whatever_the_split);
    RUN(sparse_and_dense_samples_project_alike);
    RUN(a_matching_autoencoder_is_perfect);
    RUN(every_callback_can_cancel);
    RUN(merged_halves_equal_the_whole);
    RUN(training_lowers_the_loss);
    return finish();
}
