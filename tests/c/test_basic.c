/* The C library as a C program sees it: versions, statuses, messages, and a kernel against its formula. */
#include "check.h"
#include "sae_kernels.h"

#include <math.h>
#include <string.h>

static void versions_agree_with_the_header(void) {
    CHECK(saek_version() == SAEK_VERSION);
    CHECK(saek_abi_version() == SAEK_ABI_VERSION);
}

static void a_status_comes_apart(void) {
    saek_status status = SAEK_STATUS(SAEK_STATUS_STRIDE, SAEK_ARGUMENT_DICTIONARY);
    CHECK(SAEK_STATUS_OK == 0);
    CHECK(status != SAEK_STATUS_OK);
    CHECK(SAEK_STATUS_REASON(status) == SAEK_STATUS_STRIDE);
    CHECK(SAEK_STATUS_ARGUMENT(status) == SAEK_ARGUMENT_DICTIONARY);
    CHECK(strcmp(saek_status_argument(status), "dictionary") == 0);
    CHECK(strcmp(saek_status_string(status), "has a row stride smaller than its number of columns") == 0);
    CHECK(strcmp(saek_status_string(-1), "unknown status") == 0);
    CHECK(strcmp(saek_status_argument(-1), "") == 0);
}

static void a_message_is_cut_to_its_buffer(void) {
    const char *whole = "dictionary has a row stride smaller than its number of columns";
    saek_status status = SAEK_STATUS(SAEK_STATUS_STRIDE, SAEK_ARGUMENT_DICTIONARY);
    char buffer[128];
    size_t capacity;
    for (capacity = 1; capacity < sizeof buffer; capacity++) {
        size_t kept = strlen(whole) < capacity ? strlen(whole) : capacity - 1;
        memset(buffer, '#', sizeof buffer);
        CHECK(saek_status_message(status, buffer, capacity) == SAEK_STATUS_OK);
        CHECK(strlen(buffer) == kept && memcmp(buffer, whole, kept) == 0);
        CHECK(buffer[capacity] == '#');
    }
    CHECK(saek_status_message(SAEK_STATUS_OK, buffer, sizeof buffer) == SAEK_STATUS_OK);
    CHECK(strcmp(buffer, "success") == 0);
    CHECK(saek_status_message(-5, buffer, sizeof buffer) == SAEK_STATUS_OK);
    CHECK(strcmp(buffer, "unknown status -5") == 0);
}

static int is_known(saek_status status) {
    return strcmp(saek_status_string(status), "unknown status") != 0;
}

static void every_reason_and_argument_has_a_text_that_fits(void) {
    int reason, argument, known = 0, reasons = 0, arguments = 0;
    char buffer[128];
    for (argument = 0; argument < 256; argument++) {
        arguments += is_known(SAEK_STATUS(SAEK_STATUS_INTERNAL, argument));
    }
    for (reason = 1; reason < 256; reason++) {
        reasons += is_known(SAEK_STATUS(reason, SAEK_ARGUMENT_CALL));
        for (argument = 0; argument < 256; argument++) {
            saek_status status = SAEK_STATUS(reason, argument);
            if (!is_known(status)) {
                continue;
            }
            known++;
            CHECK(saek_status_message(status, buffer, sizeof buffer) == SAEK_STATUS_OK);
            CHECK(strlen(buffer) < sizeof buffer - 1);
            CHECK(strstr(buffer, saek_status_string(status)) != NULL);
            CHECK(strstr(buffer, saek_status_argument(status)) == buffer);
        }
    }
    CHECK(reasons >= SAEK_STATUS_INTERNAL && arguments > SAEK_ARGUMENT_THREADS && known == reasons * arguments);
}

static void zipfian_follows_its_formula(void) {
    enum { N = 10 };
    saek_zipfian_params params;
    float single[N];
    double precise[N];
    int i;
    CHECK(saek_zipfian_params_init(&params) == SAEK_STATUS_OK);
    CHECK(params.struct_size == sizeof params);
    CHECK(params.exponent == 1.0 && params.max_probability == 0.3 && params.min_probability == 0.01);

    params.exponent = 1.5;
    CHECK(saek_zipfian_f32(single, N, &params) == SAEK_STATUS_OK);
    CHECK(saek_zipfian_f64(precise, N, &params) == SAEK_STATUS_OK);
    for (i = 0; i < N; i++) {
        double last = pow(N, -1.5);
        double want = 0.01 + 0.29 * (pow(i + 1, -1.5) - last) / (1 - last);
        CHECK(fabs(precise[i] - want) <= 1e-15);
        CHECK(fabs(single[i] - want) <= 1e-7);
    }
}

static void null_params_are_the_defaults(void) {
    float by_null[7], by_init[7];
    saek_zipfian_params params;
    CHECK(saek_zipfian_params_init(&params) == SAEK_STATUS_OK);
    CHECK(saek_zipfian_f32(by_null, 7, NULL) == SAEK_STATUS_OK);
    CHECK(saek_zipfian_f32(by_init, 7, &params) == SAEK_STATUS_OK);
    CHECK(memcmp(by_null, by_init, sizeof by_null) == 0);
}

int main(void) {
    RUN(versions_agree_with_the_header);
    RUN(a_status_comes_apart);
    RUN(a_message_is_cut_to_its_buffer);
    RUN(every_reason_and_argument_has_a_text_that_fits);
    RUN(zipfian_follows_its_formula);
    RUN(null_params_are_the_defaults);
    return finish();
}
