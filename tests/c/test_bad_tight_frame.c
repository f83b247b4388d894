/* The bad-input table of the functions that make tight frames and lower the coherence. */
#include "refuse_groups.h"

/* Elements of which the first is used, so that overlaps and misalignments stay inside. */
enum { ROOM = 4 };

/* Defines the table of saek_<kernel>_report_init. */
#define BAD_REPORT_INIT(kernel)                                                                                  \
    static void bad_##kernel##_report_init(void) {                                                               \
        saek_##kernel##_report report;                                                                           \
        GUARD(report);                                                                                           \
        ACCEPTED(saek_##kernel##_report_init(&report));                                                          \
        REFUSED(NULL_POINTER, REPORT, saek_##kernel##_report_init(NULL));                                        \
        REFUSED(MISALIGNED, REPORT, saek_##kernel##_report_init(OFF_BY_ONE_BYTE(&report)));                      \
        RELEASE();                                                                                               \
    }

BAD_PARAMS_INIT(tight_frame)
BAD_REPORT_INIT(tight_frame)

#define BAD_DICTIONARY_WORKSPACE(function)                                                                       \
    BAD_QUERY_2(function, DICTIONARY)                                                                            \
    static void bad_size_##function(void) {                                                                      \
        size_t rows = 2, cols = 3, bytes = 7, align = 7;                                                         \
        const size_t large = SIZE_MAX >> (4 * sizeof(size_t) + 2);                                               \
        GUARD_CONTENTS(bytes);                                                                                   \
        GUARD_CONTENTS(align);                                                                                   \
        REFUSED_WITH(rows, 0, EMPTY, DICTIONARY, saek_##function(rows, cols, &bytes, &align));                   \
        REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, saek_##function(rows, cols, &bytes, &align));                   \
        /* The dictionary would fit into the address space, but not what is made beside it. */                   \
        cols = large;                                                                                            \
        REFUSED_WITH(rows, large, SIZE_OVERFLOW, WORKSPACE, saek_##function(rows, cols, &bytes, &align));        \
        RELEASE();                                                                                               \
    }

BAD_DICTIONARY_WORKSPACE(tight_frame_f32_workspace)
BAD_DICTIONARY_WORKSPACE(tight_frame_f64_workspace)

/* Defines the table of saek_<kernel>_<type>, given the faults of its own parameters. */
#define BAD_DICTIONARY_CALL(kernel, type, real, bad_params, call)                                                \
    static void bad_##kernel##_##type(void) {                                                                    \
        real values[15] = {3, 4, 0, 9, 0, 5, 12, 9, 1, 1, 1, 9, 2, -1, 1}, *dictionary = values;                 \
        size_t rows = 4, cols = 3, stride = 4;                                                                   \
        saek_##kernel##_params params, *p = &params;                                                             \
        saek_##kernel##_report reports[ROOM], *report = reports;                                                 \
        WORKSPACE(saek_##kernel##_##type##_workspace(rows, cols, bytes, align));                                 \
        saek_##kernel##_params_init(&params);                                                                    \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD(reports);                                                                                          \
        saek_##kernel##_report_init(report);                                                                     \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(dictionary, cols, stride, DICTIONARY, call);                                                  \
        BAD_ROWS(rows, DICTIONARY, call);                                                                        \
        REFUSED_WITH(cols, 0, EMPTY, DICTIONARY, call);                                                          \
        REFUSED_WITH(cols, stride + 1, STRIDE, DICTIONARY, call);                                                \
        NOT_FINITE(values[0], DICTIONARY, call);                                                                 \
        NOT_FINITE(values[14], DICTIONARY, call);                                                                \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        REFUSED_WITH(report, OFF_BY_ONE_BYTE(report), MISALIGNED, REPORT, call);                                 \
        REFUSED_WITH(report->struct_size, 0, STRUCT_SIZE, REPORT, call);                                         \
        REFUSED_WITH(report->struct_size, sizeof *report + 8, STRUCT_SIZE, REPORT, call);                        \
        REFUSED_WITH(dictionary, (real *)(void *)report, OVERLAP, REPORT, call);                                 \
        bad_params(call);                                                                                        \
        BAD_WORKSPACE(call);                                                                                     \
        REFUSED_WITH(dictionary, (real *)workspace, OVERLAP, WORKSPACE, call);                                   \
        RELEASE();                                                                                               \
    }

#define BAD_TIGHT_FRAME_PARAMS(call)                                                                             \
    NOT_FINITE(params.target_cosine, TARGET_COSINE, call);                                                       \
    OUTSIDE(params.target_cosine, -1, 1, TARGET_COSINE, call);                                                   \
    REFUSED_WITH(params.rounds, 0, OUT_OF_RANGE, ROUNDS, call);                                                  \
    NOT_FINITE(params.tolerance, TOLERANCE, call);                                                               \
    REFUSED_WITH(params.tolerance, -1e-9, OUT_OF_RANGE, TOLERANCE, call)

BAD_DICTIONARY_CALL(tight_frame, f32, float, BAD_TIGHT_FRAME_PARAMS,
                    saek_tight_frame_f32(dictionary, rows, cols, stride, p, report, NULL, NULL, workspace,
                                         workspace_bytes))
BAD_DICTIONARY_CALL(tight_frame, f64, double, BAD_TIGHT_FRAME_PARAMS,
                    saek_tight_frame_f64(dictionary, rows, cols, stride, p, report, NULL, NULL, workspace,
                                         workspace_bytes))

BAD_PARAMS_INIT(lower_coherence)
BAD_REPORT_INIT(lower_coherence)

BAD_DICTIONARY_WORKSPACE(lower_coherence_f32_workspace)
BAD_DICTIONARY_WORKSPACE(lower_coherence_f64_workspace)

#define BAD_LOWER_COHERENCE_PARAMS(call)                                                                         \
    NOT_FINITE(params.learning_rate, LEARNING_RATE, call);                                                       \
    REFUSED_WITH(params.learning_rate, -1e-9, OUT_OF_RANGE, LEARNING_RATE, call);                                \
    REFUSED_WITH(params.greatest_exponent, 0, OUT_OF_RANGE, GREATEST_EXPONENT, call);                            \
    REFUSED_WITH(params.greatest_exponent, 12, OUT_OF_RANGE, GREATEST_EXPONENT, call);                           \
    REFUSED_WITH(params.greatest_exponent, 2048, OUT_OF_RANGE, GREATEST_EXPONENT, call)

BAD_DICTIONARY_CALL(lower_coherence, f32, float, BAD_LOWER_COHERENCE_PARAMS,
                    saek_lower_coherence_f32(dictionary, rows, cols, stride, p, report, NULL, NULL, workspace,
                                             workspace_bytes))
BAD_DICTIONARY_CALL(lower_coherence, f64, double, BAD_LOWER_COHERENCE_PARAMS,
                    saek_lower_coherence_f64(dictionary, rows, cols, stride, p, report, NULL, NULL, workspace,
                                             workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_tight_frame_params_init();
    bad_tight_frame_report_init();
    bad_tight_frame_f32_workspace();
    bad_tight_frame_f64_workspace();
    bad_size_tight_frame_f32_workspace();
    bad_size_tight_frame_f64_workspace();
    bad_tight_frame_f32();
    bad_tight_frame_f64();
    bad_lower_coherence_params_init();
    bad_lower_coherence_report_init();
    bad_lower_coherence_f32_workspace();
    bad_lower_coherence_f64_workspace();
    bad_size_lower_coherence_f32_workspace();
    bad_size_lower_coherence_f64_workspace();
    bad_lower_coherence_f32();
    bad_lower_coherence_f64();
    return finish();
}
