/* The bad-input table of assignments of whole costs and of their check. */
#include "refuse_assignment.h"

BAD_QUERY_2(assignment_i32_workspace, WORKSPACE)
BAD_QUERY_2(assignment_i64_workspace, WORKSPACE)

/* The outputs are longer than the costs, so that an input that is moved onto one of them touches no other. */
enum { ROOM = 24 };

#define BAD_ASSIGNMENT(type, whole, greatest, least, call)                                                       \
    static void bad_assignment_##type(void) {                                                                    \
        whole values[] = {4, 1, 3, 9, 2, 0, 5, 9}, *costs = values;                                              \
        whole forbidden[] = {1, greatest, greatest, 9, 2, greatest, greatest, 9};                                \
        size_t rows = 2, cols = 3, stride = 4;                                                                   \
        int64_t of_rows[ROOM], of_cols[ROOM], *row_to_col = of_rows, *col_to_row = of_cols;                      \
        double u[ROOM], v[ROOM], sum[ROOM], *row_duals = u, *col_duals = v, *objective = sum;                    \
        double not_numbers[] = {0, 0, NAN, 0}, infinite[] = {0, INFINITY, 0, 0}, huge[] = {1e300, 0, 0, 0};      \
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
        BAD_ASSIGNMENT_ARGUMENTS(whole, call);                                                                   \
        REFUSED_WITH(costs, forbidden, INFEASIBLE, COSTS, call);                                                 \
        /* When maximising it is the other end of the range that forbids. */                                     \
        params.sense = SAEK_SENSE_MAXIMISE;                                                                      \
        take_guards();                                                                                           \
        values[0] = least;                                                                                       \
        take_guards();                                                                                           \
        ACCEPTED(call);                                                                                          \
        RELEASE();                                                                                               \
    }

BAD_ASSIGNMENT(i32, int32_t, INT32_MAX, INT32_MIN,
               saek_assignment_i32(costs, rows, cols, stride, p, row_to_col, col_to_row, row_duals, col_duals,
                                   objective, workspace, workspace_bytes))
BAD_ASSIGNMENT(i64, int64_t, INT64_MAX, INT64_MIN,
               saek_assignment_i64(costs, rows, cols, stride, p, row_to_col, col_to_row, row_duals, col_duals,
                                   objective, workspace, workspace_bytes))

#define BAD_COST_MAGNITUDE(call)                                                                                 \
    static void bad_cost_magnitude(void) {                                                                       \
        int64_t costs[] = {4, 1, 2, 0}, row_to_col[2];                                                           \
        double objective;                                                                                        \
        size_t rows = 2, cols = 2;                                                                               \
        WORKSPACE(saek_assignment_i64_workspace(rows, cols, bytes, align));                                      \
        GUARD_CONTENTS(costs);                                                                                   \
        GUARD(objective);                                                                                        \
        GUARD(row_to_col);                                                                                       \
        ACCEPTED(call);                                                                                          \
        REFUSED_WITH(costs[3], ((int64_t)1 << 48) + 1, OUT_OF_RANGE, COSTS, call);                               \
        REFUSED_WITH(costs[3], INT64_MIN, OUT_OF_RANGE, COSTS, call);                                            \
        RELEASE();                                                                                               \
    }

BAD_COST_MAGNITUDE(saek_assignment_i64(costs, rows, cols, cols, NULL, row_to_col, NULL, NULL, NULL, &objective,
                                       workspace, workspace_bytes))

BAD_VERIFY_ASSIGNMENT_WORKSPACE(i32)
BAD_VERIFY_ASSIGNMENT_WORKSPACE(i64)

#define BAD_VERIFY_ASSIGNMENT(type, whole, greatest, call)                                                       \
    static void bad_verify_assignment_##type(void) {                                                             \
        whole values[] = {4, 1, 5, 9, 2, 0, 5, 9}, *costs = values;                                              \
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
        BAD_VERIFY_ARGUMENTS(whole, call);                                                                       \
        REFUSED_WITH(values[4], greatest, INFEASIBLE, ROW_TO_COL, call);                                         \
        RELEASE();                                                                                               \
    }

BAD_VERIFY_ASSIGNMENT(i32, int32_t, INT32_MAX,
                      saek_verify_assignment_i32(costs, rows, cols, stride, sense, row_to_col, row_duals, col_duals,
                                                 certificate, workspace, workspace_bytes))
BAD_VERIFY_ASSIGNMENT(i64, int64_t, INT64_MAX,
                      saek_verify_assignment_i64(costs, rows, cols, stride, sense, row_to_col, row_duals, col_duals,
                                                 certificate, workspace, workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_assignment_i32_workspace();
    bad_assignment_i64_workspace();
    bad_assignment_i32();
    bad_assignment_i64();
    bad_cost_magnitude();
    bad_verify_assignment_i32_workspace();
    bad_verify_assignment_i64_workspace();
    bad_verify_assignment_i32();
    bad_verify_assignment_i64();
    return finish();
}
