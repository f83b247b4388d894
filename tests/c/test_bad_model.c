/* The bad-input table of saved models. A library without files refuses all calls in the same way. */
#include "model_folder.h"
#include "refuse_variables.h"

static int supported;

/* An argument that is refused where there are files. */
#define BAD_FILE(place, value, reason, argument, call)                            \
    do {                                                                          \
        if (supported) {                                                          \
            BAD(place, value, reason, argument, call);                            \
        } else {                                                                  \
            BAD(place, value, UNSUPPORTED, CALL, call);                           \
        }                                                                         \
    } while (0)
#define NULL_FILE(pointer, argument, call) BAD_FILE(pointer, NULL, NULL_POINTER, argument, call)
#define BAD_FILE_POINTER(pointer, argument, call)                                 \
    NULL_FILE(pointer, argument, call);                                           \
    BAD_FILE(pointer, OFF_BY_ONE_BYTE(pointer), MISALIGNED, argument, call)

/* Memory that holds no model. */
static double no_model[512];

/* The model of sae-lens that has everything; none in a library without files. */
static saek_model *open_model(void) {
    saek_model *model = NULL;
    saek_model_open(OF_THE_REFERENCE, &model);
    return model;
}

#define BAD_MODEL(model, call)                                                    \
    BAD_FILE_POINTER(model, MODEL, call);                                         \
    BAD_FILE(model, (saek_model *)no_model, UNKNOWN_VALUE, MODEL, call)

static void bad_sizes_init(void) {
    saek_model_sizes sizes, *shape = &sizes;
    GUARD(sizes);
    GOOD(saek_model_sizes_init(shape));
    BAD_POINTER(shape, SHAPE, saek_model_sizes_init(shape));
    RELEASE();
}

static void bad_open(void) {
    saek_model *opened = NULL, **model = &opened;
    const char *path = OF_THE_REFERENCE;
    GUARD(opened);
    NULL_FILE(path, PATH, saek_model_open(path, model));
    BAD_FILE(path, "", EMPTY, PATH, saek_model_open(path, model));
    BAD_FILE(path, "tests/golden/model/nowhere", UNREADABLE, PATH, saek_model_open(path, model));
    BAD_FILE(path, "tests/c/check.h", UNREADABLE, PATH, saek_model_open(path, model));
    BAD_FILE_POINTER(model, MODEL, saek_model_open(path, model));
    RELEASE();
}

static void bad_shape(void) {
    saek_model *opened = open_model();
    const saek_model *model = opened;
    saek_model_sizes sizes, *shape = &sizes;
    saek_model_sizes_init(&sizes);
    GUARD_CONTENTS(sizes);
    if (supported) {
        GOOD(saek_model_shape(model, shape));
    }
    BAD_MODEL(model, saek_model_shape(model, shape));
    BAD_FILE_POINTER(shape, SHAPE, saek_model_shape(model, shape));
    BAD_FILE(sizes.struct_size, 7, STRUCT_SIZE, SHAPE, saek_model_shape(model, shape));
    BAD_FILE(sizes.struct_size, UINT32_MAX, STRUCT_SIZE, SHAPE, saek_model_shape(model, shape));
    RELEASE();
    saek_model_close(opened);
}

#define BAD_READ(type, number, call)                                              \
    static void bad_read_##type(void) {                                           \
        saek_model *opened = open_model();                                        \
        const saek_model *model = opened;                                         \
        number vectors[48], offset[12], rates[12], mean[12], deviation[12];       \
        number columns[24], rest[12];                                             \
        number *dictionary = vectors, *bias = offset, *probabilities = rates;     \
        number *means = mean, *std_devs = deviation;                              \
        number *factor = columns, *diagonal = rest;                               \
        size_t rows = 12, cols = 4, rank = 2, stride = 4, factor_stride = 2;      \
        GUARD(vectors);                                                           \
        GUARD(offset);                                                            \
        GUARD(rates);                                                             \
        GUARD(mean);                                                              \
        GUARD(deviation);                                                         \
        GUARD(columns);                                                           \
        GUARD(rest);                                                              \
        if (supported) {                                                          \
            GOOD(call);                                                           \
        }                                                                         \
        BAD_MODEL(model, call);                                                   \
        BAD_FILE(rows, 0, SHAPE, ROWS, call);                                     \
        BAD_FILE(rows, SIZE_MAX, SHAPE, ROWS, call);                              \
        BAD_FILE(cols, 5, SHAPE, COLS, call);                                     \
        BAD_FILE(rank, 0, SHAPE, FACTOR, call);                                   \
        BAD_FILE(rank, SIZE_MAX, SHAPE, FACTOR, call);                            \
        BAD_FILE(stride, 3, STRIDE, DICTIONARY, call);                            \
        BAD_FILE(stride, SIZE_MAX, SIZE_OVERFLOW, DICTIONARY, call);              \
        BAD_FILE(factor_stride, 1, STRIDE, FACTOR, call);                         \
        BAD_FILE(dictionary, OFF_BY_ONE_BYTE(vectors), MISALIGNED, DICTIONARY, call); \
        BAD_FILE(bias, OFF_BY_ONE_BYTE(offset), MISALIGNED, BIAS, call);          \
        BAD_FILE(probabilities, offset, OVERLAP, PROBABILITIES, call);            \
        BAD_FILE(means, rates, OVERLAP, MEANS, call);                             \
        BAD_FILE(std_devs, mean, OVERLAP, STD_DEVS, call);                        \
        BAD_FILE(factor, vectors, OVERLAP, FACTOR, call);                         \
        BAD_FILE(diagonal, columns, OVERLAP, DIAGONAL, call);                     \
        RELEASE();                                                                \
        saek_model_close(opened);                                                 \
    }

BAD_READ(f32, float,
         saek_model_read_f32(model, dictionary, rows, cols, stride, bias, probabilities, means, std_devs, factor, rank,
                             factor_stride, diagonal))
BAD_READ(f64, double,
         saek_model_read_f64(model, dictionary, rows, cols, stride, bias, probabilities, means, std_devs, factor, rank,
                             factor_stride, diagonal))

static void bad_hierarchy(void) {
    saek_model *opened = open_model();
    const saek_model *model = opened;
    uint32_t parent[12], feature[12], *parents = parent, *features = feature;
    uint8_t exclude[12], scale[12], *exclusive = exclude, *scaled = scale;
    size_t nodes = 12;
    GUARD(parent);
    GUARD(feature);
    GUARD(exclude);
    GUARD(scale);
#define HIERARCHY saek_model_hierarchy(model, parents, features, exclusive, scaled, nodes)
    if (supported) {
        GOOD(HIERARCHY);
    }
    BAD_MODEL(model, HIERARCHY);
    BAD_FILE(nodes, 0, SHAPE, NODES, HIERARCHY);
    BAD_FILE(nodes, SIZE_MAX, SHAPE, NODES, HIERARCHY);
    BAD_FILE_POINTER(parents, PARENTS, HIERARCHY);
    BAD_FILE_POINTER(features, FEATURES, HIERARCHY);
    NULL_FILE(exclusive, EXCLUSIVE, HIERARCHY);
    BAD_FILE(features, parent, OVERLAP, FEATURES, HIERARCHY);
    BAD_FILE(scaled, exclude, OVERLAP, SCALED, HIERARCHY);
    RELEASE();
    saek_model_close(opened);
}

static void bad_config(void) {
    saek_model *opened = open_model();
    const saek_model *model = opened;
    char json[2048], *out = json;
    size_t capacity = sizeof json;
    GUARD(json);
#define COPY_CONFIG saek_model_config(model, out, capacity)
    if (supported) {
        GOOD(COPY_CONFIG);
    }
    BAD_MODEL(model, COPY_CONFIG);
    NULL_FILE(out, OUT, COPY_CONFIG);
    BAD_FILE(capacity, 0, CAPACITY, OUT, COPY_CONFIG);
    BAD_FILE(capacity, 100, CAPACITY, OUT, COPY_CONFIG);
    BAD_FILE(capacity, SIZE_MAX, SIZE_OVERFLOW, OUT, COPY_CONFIG);
    RELEASE();
    saek_model_close(opened);
}

static void bad_close(void) {
    saek_model *model = (saek_model *)no_model;
    GUARD_CONTENTS(no_model);
    BAD_FILE(model, (saek_model *)no_model, UNKNOWN_VALUE, MODEL, saek_model_close(model));
    BAD_FILE(model, OFF_BY_ONE_BYTE(no_model), MISALIGNED, MODEL, saek_model_close(model));
    RELEASE();
}

#define BAD_WRITE(type, number, call)                                             \
    static void bad_write_##type(void) {                                          \
        const char *path = SAVED, *config = MODEL_CONFIG;                         \
        number vectors[] = {1, 2, 3, 4, 5, 6}, offset[] = {0, 0, 1}, rates[] = {1, 0}; \
        number columns[] = {0, 1}, rest[] = {1, 0};                               \
        number *dictionary = vectors, *bias = offset, *probabilities = rates;     \
        number *factor = columns, *diagonal = rest;                               \
        uint32_t parent[] = {SAEK_NONE, 0}, feature[] = {1, 0};                   \
        uint32_t *parents = parent, *features = feature;                          \
        uint8_t exclude[] = {0, 0}, scale[] = {0, 0};                             \
        uint8_t *exclusive = exclude, *scaled = scale;                            \
        size_t rows = 2, cols = 3, stride = 3, rank = 1, factor_stride = 1, nodes = 2; \
        GUARD_CONTENTS(vectors);                                                  \
        remove_saved();                                                           \
        NULL_FILE(path, PATH, call);                                              \
        BAD_FILE(path, "", EMPTY, PATH, call);                                    \
        BAD_FILE(path, "tests/golden/model/full", UNWRITABLE, PATH, call);        \
        BAD_FILE(path, "tests/golden/nowhere/model", UNWRITABLE, PATH, call);     \
        NULL_FILE(config, CONFIG, call);                                          \
        BAD_FILE(config, "", EMPTY, CONFIG, call);                                \
        BAD_FILE(config, "{}", MALFORMED, CONFIG, call);                          \
        BAD_FILE(rows, 0, EMPTY, DICTIONARY, call);                               \
        BAD_FILE(rows, 1, SHAPE, CONFIG, call);                                   \
        BAD_FILE(rows, SIZE_MAX, SIZE_OVERFLOW, DICTIONARY, call);                \
        BAD_FILE(cols, 0, EMPTY, DICTIONARY, call);                               \
        BAD_FILE(cols, 2, SHAPE, CONFIG, call);                                   \
        BAD_FILE(stride, 2, STRIDE, DICTIONARY, call);                            \
        BAD_FILE(stride, SIZE_MAX, SIZE_OVERFLOW, DICTIONARY, call);              \
        BAD_FILE(rank, SIZE_MAX, STRIDE, FACTOR, call);                           \
        BAD_FILE(factor_stride, 0, STRIDE, FACTOR, call);                         \
        BAD_FILE_POINTER(dictionary, DICTIONARY, call);                           \
        BAD_FILE(bias, OFF_BY_ONE_BYTE(bias), MISALIGNED, BIAS, call);            \
        BAD_FILE_POINTER(probabilities, PROBABILITIES, call);                     \
        BAD_FILE_POINTER(factor, FACTOR, call);                                   \
        BAD_FILE_POINTER(diagonal, DIAGONAL, call);                               \
        BAD_FILE_POINTER(parents, PARENTS, call);                                 \
        BAD_FILE_POINTER(features, FEATURES, call);                               \
        NULL_FILE(exclusive, EXCLUSIVE, call);                                    \
        BAD_FILE(nodes, SIZE_MAX, SIZE_OVERFLOW, PARENTS, call);                  \
        BAD_FILE(vectors[5], NAN, NOT_A_NUMBER, DICTIONARY, call);                \
        BAD_FILE(offset[0], INFINITY, INFINITE, BIAS, call);                      \
        BAD_FILE(rates[1], 2, OUT_OF_RANGE, PROBABILITIES, call);                 \
        BAD_FILE(columns[1], NAN, NOT_A_NUMBER, FACTOR, call);                    \
        BAD_FILE(rest[0], -1, OUT_OF_RANGE, DIAGONAL, call);                      \
        BAD_FILE(parent[0], 1, CYCLE, PARENTS, call);                             \
        BAD_FILE(parent[1], 2, INDEX_OUT_OF_RANGE, PARENTS, call);                \
        BAD_FILE(feature[0], 2, INDEX_OUT_OF_RANGE, FEATURES, call);              \
        BAD_FILE(feature[0], 0, DUPLICATE_INDEX, FEATURES, call);                 \
        BAD_FILE(exclude[0], 1, TOO_FEW_CHILDREN, EXCLUSIVE, call);               \
        BAD_FILE(exclude[0], 2, UNKNOWN_VALUE, EXCLUSIVE, call);                  \
        BAD_FILE(scale[0], 2, UNKNOWN_VALUE, SCALED, call);                       \
        /* The good call, last: a folder that is there is refused for that. */    \
        if (supported) {                                                          \
            count_case((call) == SAEK_STATUS_OK, #call);                          \
            BAD_FILE(rows, 2, UNWRITABLE, PATH, call);                            \
        }                                                                         \
        remove_saved();                                                           \
        RELEASE();                                                                \
    }

BAD_WRITE(f32, float,
          saek_model_write_f32(path, config, dictionary, rows, cols, stride, bias, probabilities, factor, rank,
                               factor_stride, diagonal, parents, features, exclusive, scaled, nodes))
BAD_WRITE(f64, double,
          saek_model_write_f64(path, config, dictionary, rows, cols, stride, bias, probabilities, factor, rank,
                               factor_stride, diagonal, parents, features, exclusive, scaled, nodes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    supported = has_files();
    bad_sizes_init();
    bad_open();
    bad_shape();
    bad_read_f32();
    bad_read_f64();
    bad_hierarchy();
    bad_config();
    bad_close();
    bad_write_f32();
    bad_write_f64();
    return finish();
}
