/* The bad-input table of the matching of two dictionaries without the matrix of their cosines, and of its check. */
#include "refuse_groups.h"

BAD_PARAMS_INIT(match)
BAD_QUERY_3(match_dictionaries_f32_workspace, WORKSPACE)
BAD_QUERY_3(match_dictionaries_f64_workspace, WORKSPACE)

/* Outputs are longer than needed, so that an input that is moved onto one of them touches no other. */
enum { ROOM = 24 };

/* The faults of the parameters. The library under test has no threads. */
#define BAD_MATCH_PARAMS(call)                                                                                   \
    BAD_PARAMS_POINTER(params, call);                                                                            \
    REFUSED_WITH(params.similarity, SAEK_SIMILARITY_COSINE + 1, UNKNOWN_VALUE, SIMILARITY, call);                \
    REFUSED_WITH(params.similarity, UINT32_MAX, UNKNOWN_VALUE, SIMILARITY, call);                                \
    REFUSED_WITH(params.threads, 2, OUT_OF_RANGE, THREADS, call);                                                \
    REFUSED_WITH(params.threads, UINT32_MAX, OUT_OF_RANGE, THREADS, call)

#define BAD_MATCH_DICTIONARIES(type, real, call)                                                                 \
    static void bad_match_dictionaries_##type(void) {                                                            \
        TWO_DICTIONARIES(real, a, b);                                                                            \
        int64_t matches[ROOM], bests_of_rows[ROOM], bests_of_cols[ROOM];                                         \
        int64_t *row_to_col = matches, *best_of_rows = bests_of_rows, *best_of_cols = bests_of_cols;             \
        double u[ROOM], v[ROOM], sum[ROOM], *row_duals = u, *col_duals = v, *total = sum;                        \
        saek_match_params params, *p = &params;                                                                  \
        WORKSPACE(saek_match_dictionaries_##type##_workspace(a_rows, b_rows, cols, bytes, align));               \
        saek_match_params_init(&params);                                                                         \
        GUARD_CONTENTS(first_values);                                                                            \
        GUARD_CONTENTS(second_values);                                                                           \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD(matches);                                                                                          \
        GUARD(u);                                                                                                \
        GUARD(v);                                                                                                \
        GUARD(bests_of_rows);                                                                                    \
        GUARD(bests_of_cols);                                                                                    \
        GUARD(sum);                                                                                              \
        ACCEPTED(call);                                                                                          \
        BAD_DICTIONARIES(a, A, b, B, call);                                                                      \
        BAD_MATCH_PARAMS(call);                                                                                  \
        REFUSED_WITH(row_to_col, OFF_BY_ONE_BYTE(row_to_col), MISALIGNED, ROW_TO_COL, call);                     \
        REFUSED_WITH(row_duals, OFF_BY_ONE_BYTE(row_duals), MISALIGNED, ROW_DUALS, call);                        \
        REFUSED_WITH(col_duals, OFF_BY_ONE_BYTE(col_duals), MISALIGNED, COL_DUALS, call);                        \
        REFUSED_WITH(best_of_rows, OFF_BY_ONE_BYTE(best_of_rows), MISALIGNED, BEST_OF_ROWS, call);               \
        REFUSED_WITH(best_of_cols, OFF_BY_ONE_BYTE(best_of_cols), MISALIGNED, BEST_OF_COLS, call);               \
        BAD_POINTER(total, TOTAL, call);                                                                         \
        REFUSED_WITH(a, (real *)row_to_col, OVERLAP, ROW_TO_COL, call);                                          \
        REFUSED_WITH(b, (real *)row_duals, OVERLAP, ROW_DUALS, call);                                            \
        REFUSED_WITH(a, (real *)col_duals, OVERLAP, COL_DUALS, call);                                            \
        REFUSED_WITH(b, (real *)best_of_rows, OVERLAP, BEST_OF_ROWS, call);                                      \
        REFUSED_WITH(a, (real *)best_of_cols, OVERLAP, BEST_OF_COLS, call);                                      \
        REFUSED_WITH(b, (real *)total, OVERLAP, TOTAL, call);                                                    \
        REFUSED_WITH(row_duals, (double *)(row_to_col + 1), OVERLAP, ROW_DUALS, call);                           \
        REFUSED_WITH(col_duals, row_duals + 1, OVERLAP, COL_DUALS, call);                                        \
        REFUSED_WITH(best_of_rows, (int64_t *)(col_duals + 2), OVERLAP, BEST_OF_ROWS, call);                     \
        REFUSED_WITH(best_of_cols, best_of_rows + 1, OVERLAP, BEST_OF_COLS, call);                               \
        REFUSED_WITH(total, (double *)(best_of_cols + 2), OVERLAP, TOTAL, call);                                 \
        REFUSED_WITH(row_to_col, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                                \
        REFUSED_WITH(row_duals, (double *)workspace, OVERLAP, WORKSPACE, call);                                  \
        REFUSED_WITH(col_duals, (double *)workspace, OVERLAP, WORKSPACE, call);                                  \
        REFUSED_WITH(best_of_rows, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                              \
        REFUSED_WITH(best_of_cols, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                              \
        REFUSED_WITH(total, (double *)workspace, OVERLAP, WORKSPACE, call);                                      \
        RELEASE();                                                                                               \
    }

BAD_MATCH_DICTIONARIES(f32, float,
                       saek_match_dictionaries_f32(a, a_rows, a_stride, b, b_rows, b_stride, cols, p, row_to_col,
                                                   row_duals, col_duals, best_of_rows, best_of_cols, total, workspace,
                                                   workspace_bytes))
BAD_MATCH_DICTIONARIES(f64, double,
                       saek_match_dictionaries_f64(a, a_rows, a_stride, b, b_rows, b_stride, cols, p, row_to_col,
                                                   row_duals, col_duals, best_of_rows, best_of_cols, total, workspace,
                                                   workspace_bytes))

#define BAD_VERIFY_MATCHING(type, real, call)                                                                    \
    static void bad_verify_matching_##type(void) {                                                               \
        TWO_DICTIONARIES(real, a, b);                                                                            \
        int64_t matches[] = {1, 2}, *row_to_col = matches;                                                       \
        double u[] = {1, 1}, v[] = {0, 0, 0}, *row_duals = u, *col_duals = v;                                    \
        saek_match_params params, *p = &params;                                                                  \
        saek_certificate certificates[ROOM], *certificate = certificates;                                        \
        WORKSPACE(saek_match_dictionaries_##type##_workspace(a_rows, b_rows, cols, bytes, align));               \
        saek_match_params_init(&params);                                                                         \
        GUARD_CONTENTS(first_values);                                                                            \
        GUARD_CONTENTS(second_values);                                                                           \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD_CONTENTS(matches);                                                                                 \
        GUARD_CONTENTS(u);                                                                                       \
        GUARD_CONTENTS(v);                                                                                       \
        GUARD(certificates);                                                                                     \
        saek_certificate_init(certificate);                                                                      \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_DICTIONARIES(a, A, b, B, call);                                                                      \
        BAD_MATCH_PARAMS(call);                                                                                  \
        BAD_CLAIM(call);                                                                                         \
        REFUSED_WITH(a, (real *)(void *)certificate, OVERLAP, CERTIFICATE, call);                                \
        REFUSED_WITH(b, (real *)(void *)certificate, OVERLAP, CERTIFICATE, call);                                \
        RELEASE();                                                                                               \
    }

BAD_VERIFY_MATCHING(f32, float,
                    saek_verify_matching_f32(a, a_rows, a_stride, b, b_rows, b_stride, cols, p, row_to_col, row_duals,
                                             col_duals, certificate, workspace, workspace_bytes))
BAD_VERIFY_MATCHING(f64, double,
                    saek_verify_matching_f64(a, a_rows, a_stride, b, b_rows, b_stride, cols, p, row_to_col, row_duals,
                                             col_duals, certificate, workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_match_params_init();
    bad_match_dictionaries_f32_workspace();
    bad_match_dictionaries_f64_workspace();
    bad_match_dictionaries_f32();
    bad_match_dictionaries_f64();
    bad_verify_matching_f32();
    bad_verify_matching_f64();
    return finish();
}
