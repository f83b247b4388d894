/* What is refused of an assignment's arguments whatever its costs are made of. */
#ifndef REFUSE_ASSIGNMENT_H
#define REFUSE_ASSIGNMENT_H

#include "refuse_groups.h"

/* Of saek_assignment_<type> with costs of the C type `element`. The table declares costs, rows, cols, stride, params,
 * the outputs row_to_col, col_to_row, row_duals, col_duals and objective, the array v of the column duals, the
 * workspace, and the initial duals not_numbers, infinite and huge. */
#define BAD_ASSIGNMENT_ARGUMENTS(element, call)                                                                  \
    BAD_MATRIX(costs, cols, stride, COSTS, call);                                                                \
    BAD_ROWS(rows, COSTS, call);                                                                                 \
    REFUSED_WITH(cols, 0, EMPTY, COSTS, call);                                                                   \
    REFUSED_WITH(cols, stride + 1, STRIDE, COSTS, call);                                                         \
    BAD_PARAMS_POINTER(params, call);                                                                            \
    REFUSED_WITH(params.sense, SAEK_SENSE_MAXIMISE + 1, UNKNOWN_VALUE, SENSE, call);                             \
    REFUSED_WITH(params.sense, UINT32_MAX, UNKNOWN_VALUE, SENSE, call);                                          \
    REFUSED_WITH(params.initial_col_duals, OFF_BY_ONE_BYTE(v), MISALIGNED, INITIAL_COL_DUALS, call);             \
    REFUSED_WITH(params.initial_col_duals, not_numbers, NOT_A_NUMBER, INITIAL_COL_DUALS, call);                  \
    REFUSED_WITH(params.initial_col_duals, infinite, INFINITE, INITIAL_COL_DUALS, call);                         \
    REFUSED_WITH(params.initial_col_duals, huge, OUT_OF_RANGE, INITIAL_COL_DUALS, call);                         \
    REFUSED_WITH(params.initial_col_duals, v, OVERLAP, COL_DUALS, call);                                         \
    REFUSED_WITH(params.initial_col_duals, (double *)workspace, OVERLAP, WORKSPACE, call);                       \
    BAD_POINTER(row_to_col, ROW_TO_COL, call);                                                                   \
    BAD_POINTER(objective, OBJECTIVE, call);                                                                     \
    REFUSED_WITH(col_to_row, OFF_BY_ONE_BYTE(col_to_row), MISALIGNED, COL_TO_ROW, call);                         \
    REFUSED_WITH(row_duals, OFF_BY_ONE_BYTE(row_duals), MISALIGNED, ROW_DUALS, call);                            \
    REFUSED_WITH(col_duals, OFF_BY_ONE_BYTE(col_duals), MISALIGNED, COL_DUALS, call);                            \
    REFUSED_WITH(costs, (element *)row_to_col, OVERLAP, ROW_TO_COL, call);                                       \
    REFUSED_WITH(costs, (element *)col_to_row, OVERLAP, COL_TO_ROW, call);                                       \
    REFUSED_WITH(costs, (element *)row_duals, OVERLAP, ROW_DUALS, call);                                         \
    REFUSED_WITH(costs, (element *)col_duals, OVERLAP, COL_DUALS, call);                                         \
    REFUSED_WITH(costs, (element *)objective, OVERLAP, OBJECTIVE, call);                                         \
    REFUSED_WITH(costs, (element *)workspace, OVERLAP, WORKSPACE, call);                                         \
    REFUSED_WITH(col_to_row, row_to_col + 1, OVERLAP, COL_TO_ROW, call);                                         \
    REFUSED_WITH(row_duals, (double *)row_to_col, OVERLAP, ROW_DUALS, call);                                     \
    REFUSED_WITH(col_duals, row_duals + 1, OVERLAP, COL_DUALS, call);                                            \
    REFUSED_WITH(objective, col_duals + 2, OVERLAP, OBJECTIVE, call);                                            \
    REFUSED_WITH(objective, (double *)workspace, OVERLAP, WORKSPACE, call);                                      \
    BAD_WORKSPACE(call)

/* A byte a column: only what is near the size of the address space is too large. */
#define BAD_VERIFY_ASSIGNMENT_WORKSPACE(type)                                                                    \
    static void bad_verify_assignment_##type##_workspace(void) {                                                 \
        size_t cols = 3;                                                                                         \
        BAD_QUERY_POINTERS(saek_verify_assignment_##type##_workspace(cols, bytes, align));                       \
        REFUSED_WITH(cols, SIZE_MAX, SIZE_OVERFLOW, WORKSPACE,                                                   \
                     saek_verify_assignment_##type##_workspace(cols, bytes, align));                             \
        REFUSED_WITH(cols, SIZE_MAX / 2, SIZE_OVERFLOW, WORKSPACE,                                               \
                     saek_verify_assignment_##type##_workspace(cols, bytes, align));                             \
        RELEASE();                                                                                               \
    }

/* Of saek_verify_assignment_<type>, likewise; the table declares sense, what BAD_CLAIM takes, and certificate. */
#define BAD_VERIFY_ARGUMENTS(element, call)                                                                      \
    BAD_MATRIX(costs, cols, stride, COSTS, call);                                                                \
    BAD_ROWS(rows, COSTS, call);                                                                                 \
    REFUSED_WITH(cols, 0, EMPTY, COSTS, call);                                                                   \
    REFUSED_WITH(cols, stride + 1, STRIDE, COSTS, call);                                                         \
    REFUSED_WITH(sense, SAEK_SENSE_MAXIMISE + 1, UNKNOWN_VALUE, SENSE, call);                                    \
    REFUSED_WITH(sense, UINT32_MAX, UNKNOWN_VALUE, SENSE, call);                                                 \
    BAD_CLAIM(call);                                                                                             \
    REFUSED_WITH(costs, (element *)(void *)certificate, OVERLAP, CERTIFICATE, call);                             \
    REFUSED_WITH(costs, (element *)workspace, OVERLAP, WORKSPACE, call);                                         \
    BAD_WORKSPACE(call)

#endif
