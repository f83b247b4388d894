/* The bad-input table of many assignment problems in one call. */
#include "refuse_groups.h"

/* The outputs are longer than the costs, so that an input that is moved onto one of them touches no other. */
enum { ROOM = 48 };

#define BAD_BATCH_QUERY(type)                                                                                    \
    static void bad_assignment_batch_##type##_workspace(void) {                                                  \
        size_t count = 2, rows = 3, cols = 4;                                                                    \
        uint32_t threads = 1;                                                                                    \
        BAD_QUERY_POINTERS(saek_assignment_batch_##type##_workspace(count, rows, cols, threads, bytes, align));  \
        TOO_LARGE(count, WORKSPACE,                                                                              \
                  saek_assignment_batch_##type##_workspace(count, rows, cols, threads, bytes, align));           \
        TOO_LARGE(rows, WORKSPACE,                                                                               \
                  saek_assignment_batch_##type##_workspace(count, rows, cols, threads, bytes, align));           \
        TOO_LARGE(cols, WORKSPACE,                                                                               \
                  saek_assignment_batch_##type##_workspace(count, rows, cols, threads, bytes, align));           \
        REFUSED_WITH(threads, 2, OUT_OF_RANGE, THREADS,                                                          \
                     saek_assignment_batch_##type##_workspace(count, rows, cols, threads, bytes, align));        \
        RELEASE();                                                                                               \
    }

BAD_BATCH_QUERY(f32)
BAD_BATCH_QUERY(f64)

#define BAD_BATCH(type, real, call)                                                                              \
    static void bad_assignment_batch_##type(void) {                                                              \
        real values[] = {4, 1, 3, 9, 2, 0, 5, 9, 1, 2, 3, 9, 3, 2, 1, 9}, *costs = values;                       \
        real forbidden[] = {4, 1, 3, 9, 2, 0, 5, 9, 1, 2, 3, 9, INFINITY, INFINITY, INFINITY, 9};                \
        size_t count = 2, rows = 2, cols = 3, stride = 4;                                                        \
        uint32_t threads = 0;                                                                                    \
        int64_t of_rows[ROOM], *row_to_col = of_rows;                                                            \
        double sums[ROOM], duals[] = {0, 0, 0}, *objectives = sums;                                              \
        saek_assignment_params params, *p = &params;                                                             \
        WORKSPACE(saek_assignment_batch_##type##_workspace(count, rows, cols, threads, bytes, align));           \
        saek_assignment_params_init(&params);                                                                    \
        GUARD_CONTENTS(values);                                                                                  \
        GUARD_CONTENTS(params);                                                                                  \
        GUARD(of_rows);                                                                                          \
        GUARD(sums);                                                                                             \
        ACCEPTED(call);                                                                                          \
        BAD_MATRIX(costs, cols, stride, COSTS, call);                                                            \
        BAD_ROWS(rows, COSTS, call);                                                                             \
        REFUSED_WITH(count, 0, EMPTY, COUNT, call);                                                              \
        REFUSED_WITH(count, SIZE_MAX, SIZE_OVERFLOW, COSTS, call);                                               \
        REFUSED_WITH(cols, 0, EMPTY, COSTS, call);                                                               \
        REFUSED_WITH(cols, stride + 1, STRIDE, COSTS, call);                                                     \
        REFUSED_WITH(values[14], NAN, NOT_A_NUMBER, COSTS, call);                                                \
        REFUSED_WITH(values[14], -INFINITY, INFINITE, COSTS, call);                                              \
        REFUSED_WITH(costs, forbidden, INFEASIBLE, COSTS, call);                                                 \
        BAD_PARAMS_POINTER(params, call);                                                                        \
        REFUSED_WITH(params.sense, SAEK_SENSE_MAXIMISE + 1, UNKNOWN_VALUE, SENSE, call);                         \
        REFUSED_WITH(params.initial_col_duals, duals, OUT_OF_RANGE, INITIAL_COL_DUALS, call);                    \
        REFUSED_WITH(threads, 2, OUT_OF_RANGE, THREADS, call);                                                   \
        REFUSED_WITH(threads, UINT32_MAX, OUT_OF_RANGE, THREADS, call);                                          \
        BAD_POINTER(row_to_col, ROW_TO_COL, call);                                                               \
        REFUSED_WITH(objectives, OFF_BY_ONE_BYTE(objectives), MISALIGNED, OBJECTIVES, call);                     \
        REFUSED_WITH(costs, (real *)row_to_col, OVERLAP, ROW_TO_COL, call);                                      \
        REFUSED_WITH(costs, (real *)objectives, OVERLAP, OBJECTIVES, call);                                      \
        REFUSED_WITH(costs, (real *)workspace, OVERLAP, WORKSPACE, call);                                        \
        REFUSED_WITH(objectives, (double *)(row_to_col + 1), OVERLAP, OBJECTIVES, call);                         \
        REFUSED_WITH(objectives, (double *)workspace, OVERLAP, WORKSPACE, call);                                 \
        BAD_WORKSPACE(call);                                                                                     \
        RELEASE();                                                                                               \
    }

BAD_BATCH(f32, float,
          saek_assignment_batch_f32(costs, count, rows, cols, stride, p, threads, row_to_col, objectives, workspace,
                                    workspace_bytes))
BAD_BATCH(f64, double,
          saek_assignment_batch_f64(costs, count, rows, cols, stride, p, threads, row_to_col, objectives, workspace,
                                    workspace_bytes))

int main(int argc, char **argv) {
    bad_input_arguments(argc, argv);
    bad_assignment_batch_f32_workspace();
    bad_assignment_batch_f64_workspace();
    bad_assignment_batch_f32();
    bad_assignment_batch_f64();
    return finish();
}
