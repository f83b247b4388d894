/* Groups of bad calls that many functions share, on top of refuse.h.
 *
 * A table keeps the arguments of its function in variables; `call` is the call with those variables as they are
 * named there. So each bad call is the good one with a single variable set to something else.
 */
#ifndef REFUSE_GROUPS_H
#define REFUSE_GROUPS_H

#include "refuse.h"

#include <float.h>

/* The most elements of a type that fit into the address space, and one more. */
#define TOO_MANY(type) (SIZE_MAX / 2 / sizeof(type) + 1)

enum { ARENA_BYTES = 1 << 16, ARENA_ALIGN = 4096 };

/* `bytes` bytes at a multiple of `align` but of nothing larger; always the same memory, a program uses one
 * workspace at a time. */
static inline void *new_workspace(size_t bytes, size_t align) {
    static unsigned char arena[ARENA_BYTES + 2 * ARENA_ALIGN];
    uintptr_t start = (uintptr_t)arena;
    if (bytes > ARENA_BYTES || align == 0 || align > ARENA_ALIGN) {
        abort();
    }
    return arena + (ARENA_ALIGN - start % ARENA_ALIGN) + align;
}

/* Variables that hold the workspace of a call, as large as `query`, which writes `bytes` and `align`, says. */
#define WORKSPACE(query)                                                         \
    size_t workspace_bytes = 0, workspace_align = 0;                             \
    size_t *bytes = &workspace_bytes, *align = &workspace_align;                 \
    void *workspace = (query) == SAEK_STATUS_OK ? new_workspace(*bytes, *align) : NULL

/* The faults that every workspace can have. */
#define BAD_WORKSPACE(call)                                                                                        \
    REFUSED_WITH(workspace, NULL, NULL_POINTER, WORKSPACE, call);                                                  \
    REFUSED_WITH(workspace, OFF_BY_ONE_BYTE(workspace), MISALIGNED, WORKSPACE, call);                              \
    REFUSED_WITH(workspace, (char *)workspace + workspace_align / 2, MISALIGNED, WORKSPACE, call);                 \
    REFUSED_WITH(workspace_bytes, workspace_bytes - 1, WORKSPACE_TOO_SMALL, WORKSPACE, call);                      \
    REFUSED_WITH(workspace_bytes, 0, WORKSPACE_TOO_SMALL, WORKSPACE, call)

/* The faults that every pointer to an array can have. */
#define BAD_POINTER(pointer, argument, call)                                            \
    REFUSED_WITH(pointer, NULL, NULL_POINTER, argument, call);                          \
    REFUSED_WITH(pointer, OFF_BY_ONE_BYTE(pointer), MISALIGNED, argument, call)

/* Those of a matrix of two rows or more, but for its size. */
#define BAD_MATRIX(pointer, cols, stride, argument, call)                               \
    BAD_POINTER(pointer, argument, call);                                               \
    REFUSED_WITH(stride, (cols) - 1, STRIDE, argument, call);                           \
    REFUSED_WITH(stride, 0, STRIDE, argument, call);                                    \
    REFUSED_WITH(stride, SIZE_MAX, SIZE_OVERFLOW, argument, call);                      \
    REFUSED_WITH(stride, TOO_MANY(*(pointer)), SIZE_OVERFLOW, argument, call)

/* A number of rows that is nothing or more than there can be. */
#define BAD_ROWS(rows, argument, call)                                                  \
    REFUSED_WITH(rows, 0, EMPTY, argument, call);                                       \
    REFUSED_WITH(rows, SIZE_MAX, SIZE_OVERFLOW, argument, call)

/* A parameter struct behind the pointer `p`. */
#define BAD_PARAMS_POINTER(params, call)                                                \
    REFUSED_WITH(p, OFF_BY_ONE_BYTE(p), MISALIGNED, PARAMS, call);                      \
    BAD_PARAMS(params, call)

/* A number that must lie within [low, high]. */
#define OUTSIDE(place, low, high, argument, call)                                       \
    REFUSED_WITH(place, (low) - 0.01, OUT_OF_RANGE, argument, call);                    \
    REFUSED_WITH(place, (high) + 0.01, OUT_OF_RANGE, argument, call)

/* The good call of a function that writes nothing but its workspace. */
#define ACCEPTED_WITHOUT_OUTPUT(call) accepted_without_output((call), #call)

static inline void accepted_without_output(saek_status status, const char *call) {
    int kept = guards_hold();
    if (status != SAEK_STATUS_OK || !kept) {
        printf("FAILED %s: \"%s %s\"\n", call, saek_status_argument(status), saek_status_string(status));
    }
    count_case(status == SAEK_STATUS_OK && kept, call);
}

/* Defines the table of saek_<kernel>_params_init. */
#define BAD_PARAMS_INIT(kernel)                                                                       \
    static void bad_##kernel##_params_init(void) {                                                    \
        saek_##kernel##_params params;                                                                \
        GUARD(params);                                                                                \
        ACCEPTED(saek_##kernel##_params_init(&params));                                               \
        REFUSED(NULL_POINTER, PARAMS, saek_##kernel##_params_init(NULL));                             \
        REFUSED(MISALIGNED, PARAMS, saek_##kernel##_params_init(OFF_BY_ONE_BYTE(&params)));           \
        RELEASE();                                                                                    \
    }

/* The faults that every workspace query can have; `call` writes `bytes` and `align`. */
#define BAD_QUERY_POINTERS(call)                                                                      \
    size_t written[4], *bytes = written, *align = written + 2;                                        \
    GUARD(written);                                                                                   \
    ACCEPTED(call);                                                                                   \
    BAD_POINTER(bytes, BYTES, call);                                                                  \
    BAD_POINTER(align, ALIGN, call);                                                                  \
    REFUSED_WITH(align, bytes, OVERLAP, ALIGN, call)

/* A size too large for a workspace: at once, and only when elements are counted in bytes. */
#define TOO_LARGE(size, argument, call)                                                               \
    REFUSED_WITH(size, SIZE_MAX, SIZE_OVERFLOW, argument, call);                                      \
    REFUSED_WITH(size, SIZE_MAX / 4, SIZE_OVERFLOW, argument, call)

/* Defines the table of a workspace query with one, two or three sizes; an overflow is put down to `argument`. */
#define BAD_QUERY_1(function, argument)                                                               \
    static void bad_##function(void) {                                                                \
        size_t n = 3;                                                                                 \
        BAD_QUERY_POINTERS(saek_##function(n, bytes, align));                                         \
        TOO_LARGE(n, argument, saek_##function(n, bytes, align));                                     \
        RELEASE();                                                                                    \
    }

#define BAD_QUERY_2(function, argument)                                                               \
    static void bad_##function(void) {                                                                \
        size_t n = 3, m = 4;                                                                          \
        BAD_QUERY_POINTERS(saek_##function(n, m, bytes, align));                                      \
        TOO_LARGE(n, argument, saek_##function(n, m, bytes, align));                                  \
        TOO_LARGE(m, argument, saek_##function(n, m, bytes, align));                                  \
        RELEASE();                                                                                    \
    }

#define BAD_QUERY_3(function, argument)                                                               \
    static void bad_##function(void) {                                                                \
        size_t n = 3, m = 4, d = 5;                                                                   \
        BAD_QUERY_POINTERS(saek_##function(n, m, d, bytes, align));                                   \
        TOO_LARGE(n, argument, saek_##function(n, m, d, bytes, align));                               \
        TOO_LARGE(m, argument, saek_##function(n, m, d, bytes, align));                               \
        TOO_LARGE(d, argument, saek_##function(n, m, d, bytes, align));                               \
        RELEASE();                                                                                    \
    }

/* The faults of what is said about two rows and three columns, and of the place for the answer: `matches`, which
 * row_to_col points to, with duals `u` and `v`, and `certificates`. */
#define BAD_CLAIM(call)                                                                                   \
    BAD_POINTER(row_to_col, ROW_TO_COL, call);                                                            \
    REFUSED_WITH(matches[0], 3, INDEX_OUT_OF_RANGE, ROW_TO_COL, call);                                    \
    REFUSED_WITH(matches[1], -2, INDEX_OUT_OF_RANGE, ROW_TO_COL, call);                                   \
    REFUSED_WITH(matches[1], INT64_MAX, INDEX_OUT_OF_RANGE, ROW_TO_COL, call);                            \
    REFUSED_WITH(matches[1], INT64_MIN, INDEX_OUT_OF_RANGE, ROW_TO_COL, call);                            \
    REFUSED_WITH(matches[1], 1, DUPLICATE_INDEX, ROW_TO_COL, call);                                       \
    REFUSED_WITH(matches[1], -1, SHAPE, ROW_TO_COL, call);                                                \
    BAD_POINTER(row_duals, ROW_DUALS, call);                                                              \
    NOT_FINITE(u[1], ROW_DUALS, call);                                                                    \
    REFUSED_WITH(u[0], DBL_MAX, OUT_OF_RANGE, ROW_DUALS, call);                                           \
    BAD_POINTER(col_duals, COL_DUALS, call);                                                              \
    NOT_FINITE(v[2], COL_DUALS, call);                                                                    \
    REFUSED_WITH(v[0], -DBL_MAX, OUT_OF_RANGE, COL_DUALS, call);                                          \
    BAD_POINTER(certificate, CERTIFICATE, call);                                                          \
    REFUSED_WITH(certificates[0].struct_size, 0, STRUCT_SIZE, CERTIFICATE, call);                         \
    REFUSED_WITH(certificates[0].struct_size, 7, STRUCT_SIZE, CERTIFICATE, call);                         \
    REFUSED_WITH(certificates[0].struct_size, sizeof *certificate + 8, STRUCT_SIZE, CERTIFICATE, call);   \
    REFUSED_WITH(certificates[0].struct_size, UINT32_MAX, STRUCT_SIZE, CERTIFICATE, call);                \
    REFUSED_WITH(row_to_col, (int64_t *)(void *)certificate, OVERLAP, CERTIFICATE, call);                 \
    REFUSED_WITH(row_duals, &certificates[0].gap, OVERLAP, CERTIFICATE, call);                            \
    REFUSED_WITH(col_duals, &certificates[0].slackness, OVERLAP, CERTIFICATE, call);                      \
    REFUSED_WITH(row_to_col, (int64_t *)workspace, OVERLAP, WORKSPACE, call);                             \
    REFUSED_WITH(row_duals, (double *)workspace, OVERLAP, WORKSPACE, call);                               \
    REFUSED_WITH(col_duals, (double *)workspace, OVERLAP, WORKSPACE, call);                               \
    saek_certificate_init((saek_certificate *)workspace);                                                 \
    REFUSED_WITH(certificate, (saek_certificate *)workspace, OVERLAP, WORKSPACE, call)

/* Two dictionaries under the names that a function gives them; `cols` belongs to both and is checked with the
 * first. */
#define BAD_DICTIONARIES(first, first_argument, second, second_argument, call)                                   \
    BAD_MATRIX(first, cols, first##_stride, first_argument, call);                                               \
    BAD_ROWS(first##_rows, first_argument, call);                                                                \
    REFUSED_WITH(cols, 0, EMPTY, first_argument, call);                                                          \
    REFUSED_WITH(cols, 5, STRIDE, first_argument, call);                                                         \
    BAD_MATRIX(second, cols, second##_stride, second_argument, call);                                            \
    BAD_ROWS(second##_rows, second_argument, call);                                                              \
    NOT_FINITE(first_values[0], first_argument, call);                                                           \
    NOT_FINITE(first_values[6], first_argument, call);                                                           \
    NOT_FINITE(second_values[0], second_argument, call);                                                         \
    NOT_FINITE(second_values[12], second_argument, call);                                                        \
    REFUSED_WITH(first, (real_type *)workspace, OVERLAP, WORKSPACE, call);                                       \
    REFUSED_WITH(second, (real_type *)workspace, OVERLAP, WORKSPACE, call);                                      \
    BAD_WORKSPACE(call)

/* Variables that hold two dictionaries of two and three vectors. */
#define TWO_DICTIONARIES(real, first, second)                                                                    \
    typedef real real_type;                                                                                      \
    real first_values[] = {1, 2, 0, 9, 0, 1, 1, 9}, *first = first_values;                                       \
    real second_values[] = {1, 0, 0, 9, 9, 0, 1, 0, 9, 9, 0, 0, 1, 9, 9}, *second = second_values;               \
    size_t first##_rows = 2, first##_stride = 4, second##_rows = 3, second##_stride = 5, cols = 3

#endif
