/* The bad-input table of the assignment problem, of its certificate and of the comparison of two dictionaries. */
#include "refuse_assignment.h"

#include <float.h>

BAD_PARAMS_INIT(assignment)
BAD_QUERY_2(assignment_f32_workspace, WORKSPACE)
BAD_QUERY_2(assignment_f64_workspace, WORKSPACE)

/* The outputs are longer than the costs, so that an input that is moved onto one of them touches no other. */
enum { ROOM = 24 };

#define BAD_ASSIGNMENT(type, real, call)                                                                         \
    static void bad_assignment_##type(void) {                                                                    \
        real values[] = {4, 1, 3, 9, 2, 0, 5, 9}, *costs = values;                                               \
        real forbidden[] = {1, INFINITY, INFINITY, 9, 2, INFINITY, INFINITY, 9};                                 \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        int64_t of_rows[ROOM], of_cols[ROOM], *row_to_col = of_rows, *col_to_row = of_cols;                      \
        double u[ROOM], v[ROOM], sum[ROOM], *row_duals = u, *col_duals = v, *objective = sum;                    \
        double not_numbers[] = {0, 0, NAN, 0}, infinite[] = {0, INFINITY, 0, 0}, huge[] = {DBL_MAX, 0, 0, 0};    \
        saek_assignment_params params, *p = &params;                                                             \
        WORKSPACE(saek_assignment_##type##_workspace(rows, cols, bytes, align));                                 \
        saek_assignment_params_init(&params);                                                                    \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD(of_rows);                                                                                          \
        GUARD(of_cols);                                                                                          \
        GUARD(u);                                                                                                \
        GUARD(v);                                                                                                \
        GUARD(sum);                                                                                              \
        ACCEPTED(call);                                                                                          \
        BAD_ASSIGNMENT_ARGUMENTS(real, call);                                                                    \
        REFUSED_WITH(values[0], NAN, NOT_A_NUMBER, COSTS, call);                                                 \
        REFUSED_WITH(values[6], NAN, NOT_A_NUMBER, COSTS, call);                                                 \
        REFUSED_WITH(values[6], -INFINITY, INFINITE, COSTS, call);                                               \
        REFUSED_WITH(costs, forbidden, INFEASIBLE, COSTS, call);                                                 \
        /* When maximising it is the other infinity that forbids. */                                             \
        params.sense = SAEK_SENSE_MAXIMISE;                                                                      \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        REFUSED_WITH(values[6], INFINITY, INFINITE, COSTS, call);                                                \
        RELEASE();                                                                                               \
    }

BAD_ASSIGNMENT(f32, float,
               saek_assignment_f32(costs, rows, cols, stride, p, row_to_col, col_to_row, row_duals, col_duals,
                                   objective, workspace, workspace_bytes))
BAD_ASSIGNMENT(f64, double,
               saek_assignment_f64(costs, rows, cols, stride, p, row_to_col, col_to_row, row_duals, col_duals,
                                   objective, workspace, workspace_bytes))

/* Single precision has no number that is too large. */
#define BAD_COST_MAGNITUDE(call)                                                                                 \
    static void bad_cost_magnitude(void) {                                                                       \
        double costs[] = {4, 1, 2, 0}, objective;                                                                \
        int64_t row_to_col[2];                                                                                   \
        size_t rows = 2, cols = 2;                                                                               \
        WORKSPACE(saek_assignment_f64_workspace(rows, cols, bytes, align));                                      \
        GUARD_CONTENTS(costs);                                                                                   \
        GUARD(objective);                                                                                        \
        GUARD(row_to_col);                                                                                       \
        ACCEPTED(call);                                                                                          \
        REFUSED_WITH(costs[3], 1e307, OUT_OF_RANGE, COSTS, call);                                                \
        REFUSED_WITH(costs[3], -1e307, OUT_OF_RANGE, COSTS, call);                                               \
        RELEASE();                                                                                               \
    }

BAD_COST_MAGNITUDE(saek_assignment_f64(costs, rows, cols, cols, NULL, row_to_col, NULL, NULL, NULL, &objective,
                                       workspace, workspace_bytes))

static void bad_certificate_init(void) {
    saek_certificate certificate;
    GUARD(certificate);
    ACCEPTED(saek_certificate_init(&certificate));
    REFUSED(NULL_POINTER, CERTIFICATE, saek_certificate_init(NULL));
    REFUSED(MISALIGNED, CERTIFICATE, saek_certificate_init(OFF_BY_ONE_BYTE(&certificate)));
    RELEASE();
}

BAD_VERIFY_ASSIGNMENT_WORKSPACE(f32)
BAD_VERIFY_ASSIGNMENT_WORKSPACE(f64)

#define BAD_VERIFY_ASSIGNMENT(type, real, call)                                                                  \
    static void bad_verify_assignment_##type(void) {                                                             \
        real values[] = {4, 1, 5, 9, 2, 0, 5, 9}, *costs = values;                                               \
        int64_t matches[] = {1, 0}, *row_to_col = matches;                                                       \
        double u[] = {4, 2}, v[] = {0, -3, 0}, *row_duals = u, *col_duals = v;                                   \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        uint32_t sense = SAEK_SENSE_MINIMISE;                                                                    \
        saek_certificate certificates[ROOM], *certificate = certificates;                                        \
        WORKSPACE(saek_verify_assignment_##type##_workspace(cols, bytes, align));                                \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(matches);                                                                                 \
        GUARD_CONTENTS(u);                                                                                       \
        GUARD_CONTENTS(v);                                                                                       \
        GUARD(certificates);                                                                                     \
        saek_certificate_init(certificate);                                                                      \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        BAD_VERIFY_ARGUMENTS(real, call);                                                                        \
        REFUSED_WITH(values[0], NAN, NOT_A_NUMBER, COSTS, call);                                                 \
        REFUSED_WITH(values[6], NAN, NOT_A_NUMBER, COSTS, call);                                                 \
        REFUSED_WITH(values[6], -INFINITY, INFINITE, COSTS, call);                                               \
        REFUSED_WITH(values[4], INFINITY, INFEASIBLE, ROW_TO_COL, call);                                         \
        RELEASE();                                                                                               \
    }

BAD_VERIFY_ASSIGNMENT(f32, float,
                      saek_verify_assignment_f32(costs, rows, cols, stride, sense, row_to_col, row_duals, col_duals,
                                                 certificate, workspace, workspace_bytes))
BAD_VERIFY_ASSIGNMENT(f64, double,
                      saek_verify_assignment_f64(costs, rows, cols, stride, sense, row_to_col, row_duals, col_duals,
                                                 certificate, workspace, workspace_bytes))

BAD_QUERY_3(cosine_similarities_f32_workspace, WORKSPACE)
BAD_QUERY_3(cosine_similarities_f64_workspace, WORKSPACE)

#define BAD_COSINE_SIMILARITIES(type, real, call)                                                                \
    static void bad_cosine_similarities_##type(void) {                                                           \
        TWO_DICTIONARIES(real, a, b);                                                                            \
        real cosines[ROOM], *out = cosines;                                                                      \
        size_t out_stride = 4;                                                                                   \
        WORKSPACE(saek_cosine_similarities_##type##_workspace(a_rows, b_rows, cols, bytes, align));              \
        GUARD_CONTENTS(first_values);                                                                            \
        GUARD_CONTENTS(second_values);                                                                           \
        GUARD(cosines);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_DICTIONARIES(a, A, b, B, call);                                                                      \
        BAD_MATRIX(out, b_rows, out_stride, SIMILARITIES, call);                                                 \
        REFUSED_WITH(out, a, OVERLAP, SIMILARITIES, call);                                                       \
        REFUSED_WITH(out, b + 12, OVERLAP, SIMILARITIES, call);                                                  \
        REFUSED_WITH(out, (real *)workspace, OVERLAP, WORKSPACE, call);                                          \
        RELEASE();                                                                                               \
    }

BAD_COSINE_SIMILARITIES(f32, float,
                        saek_cosine_similarities_f32(a, a_rows, a_stride, b, b_rows, b_stride, cols, out, out_stride,
                                                     workspace, workspace_bytes))
BAD_COSINE_SIMILARITIES(f64, double,
                        saek_cosine_similarities_f64(a, a_rows, a_stride, b, b_rows, b_stride, cols, out, out_stride,
                                                     workspace, workspace_bytes))

BAD_QUERY_3(mcc_f32_workspace, WORKSPACE)
BAD_QUERY_3(mcc_f64_workspace, WORKSPACE)

#define BAD_MCC(type, real, call)                                                                                \
    static void bad_mcc_##type(void) {                                                                           \
        TWO_DICTIONARIES(real, a, b);                                                                            \
        double answer[ROOM], *mcc = answer;                                                                      \
        int64_t matches[ROOM], *row_to_col = matches;                                                            \
        WORKSPACE(saek_mcc_##type##_workspace(a_rows, b_rows, cols, bytes, align));                              \
        GUARD_CONTENTS(first_values);                                                                            \
        GUARD_CONTENTS(second_values);                                                                           \
        GUARD(answer);                                                                                           \
        GUARD(matches);                                                                                          \
        ACCEPTED(call);                                                                                          \
        BAD_DICTIONARIES(a, A, b, B, call);                                                                      \
        BAD_POINTER(mcc, MCC, call);                                                                             \
        REFUSED_WITH(row_to_col, OFF_BY_ONE_BYTE(row_to_col), MISALIGNED, ROW_TO_COL, call);                     \
        REFUSED_WITH(a, (real *)mcc, OVERLAP, MCC, call);                                                        \
        REFUSED_WITH(b, (real *)row_to_col, OVERLAP, ROW_TO_COL, call);                                          \
        REFUSED_WITH(mcc, (double *)(row_to_col + 1), OVERLAP, MCC, call);                                       \
        REFUSED_WITH(row_to_col, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                                \
        RELEASE();                                                                                               \
    }

BAD_MCC(f32, float,
        saek_mcc_f32(a, a_rows, a_stride, b, b_rows, b_stride, cols, mcc, row_to_col, workspace, workspace_bytes))
BAD_MCC(f64, double,
        saek_mcc_f64(a, a_rows, a_stride, b, b_rows, b_stride, cols, mcc, row_to_col, workspace, workspace_bytes))

BAD_QUERY_3(best_ordering_f32_workspace, WORKSPACE)
BAD_QUERY_3(best_ordering_f64_workspace, WORKSPACE)

#define BAD_BEST_ORDERING(type, real, call)                                                                      \
    static void bad_best_ordering_##type(void) {                                                                 \
        TWO_DICTIONARIES(real, latents, features);                                                               \
        int64_t order[ROOM], *ordering = order;                                                                  \
        WORKSPACE(saek_best_ordering_##type##_workspace(latents_rows, features_rows, cols, bytes, align));       \
        GUARD_CONTENTS(first_values);                                                                            \
        GUARD_CONTENTS(second_values);                                                                           \
        GUARD(order);                                                                                            \
        ACCEPTED(call);                                                                                          \
        BAD_DICTIONARIES(latents, LATENTS, features, FEATURES, call);                                            \
        BAD_POINTER(ordering, ORDERING, call);                                                                   \
        REFUSED_WITH(latents, (real *)ordering, OVERLAP, ORDERING, call);                                        \
        REFUSED_WITH(features, (real *)ordering, OVERLAP, ORDERING, call);                                       \
        REFUSED_WITH(ordering, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                                  \
        RELEASE();                                                                                               \
    }

BAD_BEST_ORDERING(f32, float,
                  saek_best_ordering_f32(latents, latents_rows, latents_stride, features, features_rows,
                                         features_stride, cols, ordering, workspace, workspace_bytes))
BAD_BEST_ORDERING(f64, double,
                  saek_best_ordering_f64(latents, latents_rows, latents_stride, features, features_rows,
                                         features_stride, cols, ordering, workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_assignment_params_init();
    bad_assignment_f32_workspace();
    bad_assignment_f64_workspace();
    bad_assignment_f32();
    bad_assignment_f64();
    bad_cost_magnitude();
    bad_certificate_init();
    bad_verify_assignment_f32_workspace();
    bad_verify_assignment_f64_workspace();
    bad_verify_assignment_f32();
    bad_verify_assignment_f64();
    bad_cosine_similarities_f32_workspace();
    bad_cosine_similarities_f64_workspace();
    bad_cosine_similarities_f32();
    bad_cosine_similarities_f64();
    bad_mcc_f32_workspace();
    bad_mcc_f64_workspace();
    bad_mcc_f32();
    bad_mcc_f64();
    bad_best_ordering_f32_workspace();
    bad_best_ordering_f64_workspace();
    bad_best_ordering_f32();
    bad_best_ordering_f64();
    return finish();
}
