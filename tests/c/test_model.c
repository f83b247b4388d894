/* Saved models from C: what is written comes back, and what sae-lens has written is read. */
#include "check.h"
#include "model_folder.h"

#include <stdint.h>
#include <string.h>

#define TEST_SAVED(type, number)                                                                                 \
    static void a_model_comes_back_##type(void) {                                                                \
        /* Rows one element apart, which is neither written nor read. */                                         \
        const number dictionary[] = {1, 2, 3, 99, 4, 5, 6}, bias[] = {(number)0.1, 0, -1};                       \
        const number probabilities[] = {(number)0.3, 1}, factor[] = {(number)0.6, (number)0.8};                  \
        const number diagonal[] = {(number)0.64, (number)0.36};                                                  \
        const uint32_t parents[] = {SAEK_NONE, 0}, features[] = {1, 0};                                          \
        const uint8_t exclusive[] = {0, 0}, scaled[] = {1, 0};                                                   \
        number d[6], b[3], p[2], m[2], s[2], f[2], v[2];                                                         \
        uint32_t parent[2], feature[2];                                                                          \
        uint8_t exclude[2], scale[2];                                                                            \
        char config[1024];                                                                                       \
        saek_model *model = NULL;                                                                                \
        saek_model_sizes sizes;                                                                                  \
        remove_saved();                                                                                          \
        CHECK(saek_model_write_##type(SAVED, MODEL_CONFIG, dictionary, 2, 3, 4, bias, probabilities, factor, 1,  \
                                      1, diagonal, parents, features, exclusive, scaled, 2) == SAEK_STATUS_OK);  \
        CHECK(saek_model_open(SAVED, &model) == SAEK_STATUS_OK);                                                 \
        CHECK(saek_model_sizes_init(&sizes) == SAEK_STATUS_OK);                                                  \
        CHECK(saek_model_shape(model, &sizes) == SAEK_STATUS_OK);                                                \
        CHECK(sizes.rows == 2 && sizes.cols == 3 && sizes.rank == 1 && sizes.nodes == 2 && sizes.has_bias == 1); \
        CHECK(saek_model_read_##type(model, d, 2, 3, 3, b, p, m, s, f, 1, 1, v) == SAEK_STATUS_OK);              \
        CHECK(memcmp(d, dictionary, 3 * sizeof *d) == 0 && memcmp(d + 3, dictionary + 4, 3 * sizeof *d) == 0);   \
        CHECK(memcmp(b, bias, sizeof b) == 0 && memcmp(p, probabilities, sizeof p) == 0);                        \
        CHECK(memcmp(f, factor, sizeof f) == 0 && memcmp(v, diagonal, sizeof v) == 0);                           \
        CHECK(m[0] == 1 && m[1] == 3 && s[0] == (number)0.25 && s[1] == (number)0.25);                           \
        CHECK(saek_model_hierarchy(model, parent, feature, exclude, scale, 2) == SAEK_STATUS_OK);                \
        CHECK(memcmp(parent, parents, sizeof parent) == 0 && memcmp(feature, features, sizeof feature) == 0);    \
        CHECK(memcmp(exclude, exclusive, 2) == 0 && memcmp(scale, scaled, 2) == 0);                              \
        CHECK(sizes.config_bytes < sizeof config);                                                               \
        CHECK(saek_model_config(model, config, sizeof config) == SAEK_STATUS_OK);                                \
        CHECK(strlen(config) == sizes.config_bytes && strstr(config, "\"seed\": 5") != NULL);                    \
        CHECK(saek_model_close(model) == SAEK_STATUS_OK);                                                        \
        remove_saved();                                                                                          \
    }

TEST_SAVED(f32, float)
TEST_SAVED(f64, double)

static void a_model_of_the_reference_is_read(void) {
    float probabilities[12];
    saek_model *model = NULL;
    saek_model_sizes sizes;
    CHECK(saek_model_open(OF_THE_REFERENCE, &model) == SAEK_STATUS_OK);
    CHECK(saek_model_sizes_init(&sizes) == SAEK_STATUS_OK);
    CHECK(saek_model_shape(model, &sizes) == SAEK_STATUS_OK);
    CHECK(sizes.rows == 12 && sizes.cols == 4 && sizes.rank == 2 && sizes.nodes == 12);
    /* Only one of the arrays is asked for. */
    CHECK(saek_model_read_f32(model, NULL, 12, 4, 4, NULL, probabilities, NULL, NULL, NULL, 2, 2, NULL)
          == SAEK_STATUS_OK);
    CHECK(probabilities[0] > 0 && probabilities[0] <= 1);
    CHECK(saek_model_close(model) == SAEK_STATUS_OK);
}

static void a_library_without_files_says_so(void) {
    saek_model *model = NULL;
    CHECK(saek_model_open(OF_THE_REFERENCE, &model) == SAEK_STATUS(SAEK_STATUS_UNSUPPORTED, SAEK_ARGUMENT_CALL));
    CHECK(model == NULL);
}

int main(void) {
    if (!has_files()) {
        RUN(a_library_without_files_says_so);
        return finish();
    }
    RUN(a_model_comes_back_f32);
    RUN(a_model_comes_back_f64);
    RUN(a_model_of_the_reference_is_read);
    return finish();
}
