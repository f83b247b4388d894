/* Train a sparse autoencoder on synthetic data and judge it: the whole path through the library, in C99.
 *
 * Makes a dictionary of 256 features in 64 dimensions, draws activations with zipfian firing probabilities, trains
 * an autoencoder of 256 latents on the hidden vectors and prints how well it found the features. Writes its decoder
 * and the dictionary as .npy files.
 *
 *   train_sae [steps] [seed] [folder]        defaults: 6000 0 out
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sae_kernels.h"

enum { FEATURES = 256, DIMENSIONS = 64, LATENTS = 256, BATCH = 1024, EVALUATIONS = 4 };

/* Streams of the seed: independent random numbers for each use. */
enum { STREAM_DICTIONARY, STREAM_WEIGHTS, STREAM_TRAINING, STREAM_EVALUATION };

static const double LEARNING_RATE = 2e-3, L1_COEFFICIENT = 0.1;
static const uint64_t WARM_UP = 1000, EVALUATION_SAMPLES = 100000;

/* Ends the program with the library's own words where a call failed. */
static void check(saek_status status, const char *what) {
    if (status == SAEK_STATUS_OK) return;
    char message[128];
    saek_status_message(status, message, sizeof message);
    fprintf(stderr, "%s: %s\n", what, message);
    exit(EXIT_FAILURE);
}

static void *allocate(size_t bytes, size_t align) {
    void *memory = NULL;
    if (align < sizeof(void *)) align = sizeof(void *);
    if (posix_memalign(&memory, align, bytes > 0 ? bytes : 1) != 0) {
        fprintf(stderr, "out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

static float *zeros(size_t count) {
    float *memory = allocate(count * sizeof(float), 64);
    memset(memory, 0, count * sizeof(float));
    return memory;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A bar that redraws itself on a terminal; elsewhere a line every tenth of the way. */
static void show_progress(const char *what, uint64_t step, uint64_t total, double loss, double started) {
    enum { WIDTH = 30 };
    const int terminal = isatty(STDERR_FILENO);
    const uint64_t every = terminal ? total / 200 + 1 : total / 10 + 1;
    if (step % every != 0 && step != total) return;
    const double elapsed = seconds() - started;
    char bar[WIDTH + 1];
    const int full = (int)((double)WIDTH * (double)step / (double)total);
    for (int i = 0; i < WIDTH; i++) bar[i] = i < full ? '#' : '.';
    bar[WIDTH] = '\0';
    fprintf(stderr, "%s%s [%s] %llu/%llu  loss %.4f  %.1f s%s", terminal ? "\r" : "", what, bar,
            (unsigned long long)step, (unsigned long long)total, loss, elapsed, terminal ? "  " : "\n");
    if (terminal && step == total) fputc('\n', stderr);
}

struct report {
    const char *what;
    double started;
};

static int on_progress(void *context, const saek_progress *progress) {
    const struct report *report = context;
    show_progress(report->what, progress->step, progress->total, progress->loss, report->started);
    return 0;
}

/* Writes a row-major float matrix as a NumPy file, format version 1.0. */
static void write_npy(const char *folder, const char *name, const float *data, size_t rows, size_t cols) {
    char path[512], header[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    /* Magic, version and length take 10 bytes; the header fills up to 128 with spaces and ends in a newline. */
    memset(header, ' ', sizeof header);
    memcpy(header, "\x93NUMPY\x01\x00\x76\x00", 10);
    const int length = snprintf(header + 10, sizeof header - 10,
                                "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", rows, cols);
    header[10 + length] = ' ';
    header[sizeof header - 1] = '\n';
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(header, 1, sizeof header, file) != sizeof header ||
        fwrite(data, sizeof *data, rows * cols, file) != rows * cols || fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    printf("wrote %s\n", path);
}

/* The autoencoder's side of an evaluation: callbacks over the library's own encoder and decoder. */
struct coder {
    const saek_sae_f32 *sae;
    void *workspace;
    size_t workspace_bytes;
};

static int encode(void *context, const float *hidden, size_t rows, size_t cols, size_t hidden_stride, float *latents,
                  size_t latents_count, size_t latents_stride) {
    const struct coder *coder = context;
    (void)cols, (void)latents_count;
    return saek_sae_encode_f32(coder->sae, hidden, rows, hidden_stride, latents, latents_stride, coder->workspace,
                               coder->workspace_bytes) != SAEK_STATUS_OK;
}

static int decode(void *context, const float *latents, size_t rows, size_t latents_count, size_t latents_stride,
                  float *decoded, size_t cols, size_t decoded_stride) {
    const struct coder *coder = context;
    (void)cols, (void)latents_count;
    return saek_sae_decode_f32(coder->sae, latents, rows, latents_stride, decoded, decoded_stride) != SAEK_STATUS_OK;
}

int main(int argc, char **argv) {
    const uint64_t steps = argc > 1 ? strtoull(argv[1], NULL, 10) : 6000;
    const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    const char *folder = argc > 3 ? argv[3] : "out";
    if (steps == 0) {
        fprintf(stderr, "usage: %s [steps >= 1] [seed] [folder]\n", argv[0]);
        return EXIT_FAILURE;
    }
    mkdir(folder, 0777);
    if (saek_abi_version() != SAEK_ABI_VERSION) {
        fprintf(stderr, "the library is of another ABI version than this program\n");
        return EXIT_FAILURE;
    }
    size_t bytes, align;

    /* A dictionary: random unit vectors, made nearly orthogonal. */
    float *dictionary = zeros(FEATURES * DIMENSIONS);
    check(saek_random_unit_rows_f32(seed, STREAM_DICTIONARY, 0, dictionary, FEATURES, DIMENSIONS, DIMENSIONS),
          "dictionary");
    check(saek_orthogonalise_f32_workspace(FEATURES, DIMENSIONS, &bytes, &align), "orthogonalise");
    void *workspace = allocate(bytes, align);
    struct report report = {"orthogonalise", seconds()};
    check(saek_orthogonalise_f32(dictionary, FEATURES, DIMENSIONS, DIMENSIONS, NULL, on_progress, &report, workspace,
                                 bytes),
          "orthogonalise");
    free(workspace);

    /* Activations: zipfian firing probabilities, magnitudes 1 +- 0.1. */
    float probabilities[FEATURES], mean = 1.0f, std_dev = 0.1f;
    check(saek_zipfian_f32(probabilities, FEATURES, NULL), "firing probabilities");
    const saek_firing_f32 firing = {
        .struct_size = sizeof firing,
        .probabilities = probabilities,
        .probabilities_len = FEATURES,
        .means = &mean,
        .means_len = 1,
        .std_devs = &std_dev,
        .std_devs_len = 1,
    };

    /* An autoencoder: decoder rows random unit vectors, the encoder their transpose, no biases. */
    saek_sae_f32 sae = {
        .struct_size = sizeof sae,
        .subtract_decoder_bias = 1,
        .cols = DIMENSIONS,
        .latents = LATENTS,
        .encoder = zeros(DIMENSIONS * LATENTS),
        .encoder_stride = LATENTS,
        .encoder_bias = zeros(LATENTS),
        .decoder = zeros(LATENTS * DIMENSIONS),
        .decoder_stride = DIMENSIONS,
        .decoder_bias = zeros(DIMENSIONS),
    };
    float *start = zeros(LATENTS * DIMENSIONS);
    check(saek_random_unit_rows_f32(seed, STREAM_WEIGHTS, 0, start, LATENTS, DIMENSIONS, DIMENSIONS), "weights");
    check(saek_sae_initialise_to_match_f32(&sae, start, LATENTS, DIMENSIONS, 0.0, NULL, seed, STREAM_WEIGHTS),
          "initialise");
    free(start);
    size_t moments_len;
    check(saek_sae_moments_len(DIMENSIONS, LATENTS, &moments_len), "moments");
    float *moments = zeros(moments_len);

    /* Memory for one batch, for training and for evaluation. */
    float *values = zeros(BATCH * FEATURES), *hidden = zeros(BATCH * DIMENSIONS);
    int64_t *row_offsets = allocate((BATCH + 1) * sizeof *row_offsets, 64);
    uint32_t *columns = allocate(BATCH * FEATURES * sizeof *columns, 64);
    memset(columns, 0, BATCH * FEATURES * sizeof *columns);
    size_t training_bytes, training_align, coding_bytes, coding_align, evaluation_bytes, evaluation_align;
    check(saek_sae_train_step_f32_workspace(BATCH, DIMENSIONS, LATENTS, &training_bytes, &training_align), "training");
    check(saek_sae_encode_f32_workspace(BATCH, DIMENSIONS, &coding_bytes, &coding_align), "encoding");
    void *training = allocate(training_bytes, training_align);
    struct coder coder = {&sae, allocate(coding_bytes, coding_align), coding_bytes};
    const saek_generator_f32 generator = {
        .struct_size = sizeof generator,
        .features = FEATURES,
        .firing = &firing,
        .seed = seed,
        .stream = STREAM_EVALUATION,
    };
    saek_evaluate_params evaluate_params;
    check(saek_evaluate_params_init(&evaluate_params), "evaluation");
    evaluate_params.samples = EVALUATION_SAMPLES;
    evaluate_params.batch = BATCH;
    check(saek_evaluate_f32_workspace(&generator, DIMENSIONS, LATENTS, &evaluate_params, &evaluation_bytes,
                                      &evaluation_align),
          "evaluation");
    void *evaluation = allocate(evaluation_bytes, evaluation_align);

    saek_train_params params;
    check(saek_train_params_init(&params), "training");
    saek_train_report losses = {.struct_size = sizeof losses};
    const double started = seconds();
    printf("%8s %8s %10s %10s %6s %10s %8s\n", "step", "mse", "true L0", "SAE L0", "dead", "shrinkage", "MCC");
    for (uint64_t step = 0; step < steps; step++) {
        /* Few features fire, so that samples in compressed rows are drawn and projected faster than dense ones. */
        check(saek_sample_independent_csr_f32(&firing, FEATURES, seed, STREAM_TRAINING, step * BATCH, BATCH, row_offsets,
                                              columns, values, BATCH * FEATURES),
              "sampling");
        check(saek_project_csr_f32(row_offsets, columns, values, (size_t)row_offsets[BATCH], BATCH, FEATURES, dictionary,
                                   DIMENSIONS, NULL, hidden, DIMENSIONS, DIMENSIONS),
              "projection");
        double warm_up;
        check(saek_linear_warm_up_and_decay(step, steps, WARM_UP < steps ? WARM_UP : steps, 0, &warm_up), "schedule");
        params.learning_rate = LEARNING_RATE;
        params.l1_coefficient = L1_COEFFICIENT * warm_up;
        check(saek_sae_train_step_f32(&sae, moments, moments_len, step, hidden, BATCH, DIMENSIONS, &params, &losses,
                                      training, training_bytes),
              "training");
        show_progress("train", step + 1, steps, losses.loss, started);

        if ((step + 1) % (steps / EVALUATIONS + (steps % EVALUATIONS != 0)) != 0 && step + 1 != steps) continue;
        saek_metrics metrics = {.struct_size = sizeof metrics};
        double mcc;
        check(saek_evaluate_f32(&generator, dictionary, DIMENSIONS, DIMENSIONS, NULL, sae.decoder, LATENTS, DIMENSIONS,
                                encode, decode, &coder, &evaluate_params, NULL, NULL, &metrics, &mcc, evaluation,
                                evaluation_bytes),
              "evaluation");
        printf("%8llu %8.4f %10.3f %10.3f %6llu %10.4f %8.4f\n", (unsigned long long)(step + 1), losses.mse,
               metrics.true_l0, metrics.sae_l0, (unsigned long long)metrics.dead_latents, metrics.shrinkage, mcc);
        fflush(stdout);
    }

    write_npy(folder, "decoder.npy", sae.decoder, LATENTS, DIMENSIONS);
    write_npy(folder, "dictionary.npy", dictionary, FEATURES, DIMENSIONS);
    free(evaluation), free(coder.workspace), free(training), free(columns), free(row_offsets), free(hidden), free(values);
    free(moments);
    free(sae.decoder_bias), free(sae.decoder), free(sae.encoder_bias), free(sae.encoder), free(dictionary);
    return EXIT_SUCCESS;
}
