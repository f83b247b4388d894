/* A sparse batch that is changed in place, and the bad calls of functions that do so, on top of refuse_groups.h. */
#ifndef REFUSE_BATCH_H
#define REFUSE_BATCH_H

#include "refuse_groups.h"

/* Sizes of the batch, and elements for arrays that hold more than is needed. */
enum { ROWS = 2, COLS = 4, ENOUGH = 64 };

/* Two rows, of features 0, 1, 2 and 0, 3: the child 3 of the silent 1 goes. */
#define BATCH(real)                                                                                              \
    int64_t offsets[ENOUGH] = {0, 3, 5}, *row_offsets = offsets;                                              \
    uint32_t indices[ENOUGH] = {0, 1, 2, 0, 3}, *columns = indices;                                           \
    real kept_here[ENOUGH] = {1, -1, 1, 1, 1}, *values = kept_here;                                           \
    size_t capacity = 6, rows = ROWS, features = COLS;                                                           \
    uint64_t first_row = 7;                                                                                      \
    GUARD_CONTENTS(offsets);                                                                                     \
    GUARD_CONTENTS(indices);                                                                                     \
    GUARD_CONTENTS(kept_here)

#define BAD_BATCH(real, call)                                                                                    \
    BAD_POINTER(row_offsets, ROW_OFFSETS, call);                                                                 \
    BAD_POINTER(columns, COLUMNS, call);                                                                         \
    BAD_POINTER(values, VALUES, call);                                                                           \
    REFUSED_WITH(rows, 0, EMPTY, ROW_OFFSETS, call);                                                             \
    REFUSED_WITH(rows, SIZE_MAX, SIZE_OVERFLOW, ROW_OFFSETS, call);                                              \
    REFUSED_WITH(rows, TOO_MANY(*row_offsets), SIZE_OVERFLOW, ROW_OFFSETS, call);                                \
    REFUSED_WITH(features, 0, EMPTY, COLS, call);                                                                \
    REFUSED_WITH(features, COLS - 1, INDEX_OUT_OF_RANGE, COLUMNS, call);                                         \
    REFUSED_WITH(capacity, SIZE_MAX, SIZE_OVERFLOW, COLUMNS, call);                                              \
    REFUSED_WITH(capacity, TOO_MANY(*columns), SIZE_OVERFLOW, COLUMNS, call);                                    \
    REFUSED_WITH(capacity, 4, SHAPE, COLUMNS, call);                                                             \
    REFUSED_WITH(capacity, 0, SHAPE, COLUMNS, call);                                                             \
    REFUSED_WITH(offsets[0], 1, UNSORTED, ROW_OFFSETS, call);                                                    \
    REFUSED_WITH(offsets[0], -1, UNSORTED, ROW_OFFSETS, call);                                                   \
    REFUSED_WITH(offsets[1], 6, UNSORTED, ROW_OFFSETS, call);                                                    \
    REFUSED_WITH(offsets[1], INT64_MIN, UNSORTED, ROW_OFFSETS, call);                                            \
    REFUSED_WITH(offsets[2], -1, UNSORTED, ROW_OFFSETS, call);                                                   \
    REFUSED_WITH(offsets[2], 7, SHAPE, COLUMNS, call);                                                           \
    REFUSED_WITH(offsets[2], INT64_MAX, SHAPE, COLUMNS, call);                                                   \
    REFUSED_WITH(indices[4], COLS, INDEX_OUT_OF_RANGE, COLUMNS, call);                                           \
    REFUSED_WITH(indices[2], UINT32_MAX, INDEX_OUT_OF_RANGE, COLUMNS, call);                                     \
    REFUSED_WITH(indices[1], 0, UNSORTED, COLUMNS, call);                                                        \
    REFUSED_WITH(indices[0], 3, UNSORTED, COLUMNS, call);                                                        \
    NOT_FINITE(kept_here[0], VALUES, call);                                                                      \
    NOT_FINITE(kept_here[4], VALUES, call);                                                                      \
    REFUSED_WITH(first_row, UINT64_MAX, SIZE_OVERFLOW, FIRST_ROW, call);                                         \
    REFUSED_WITH(first_row, UINT64_MAX - ROWS + 1, SIZE_OVERFLOW, FIRST_ROW, call);                              \
    REFUSED_WITH(columns, (uint32_t *)row_offsets, OVERLAP, COLUMNS, call);                                      \
    REFUSED_WITH(values, (real *)row_offsets, OVERLAP, VALUES, call);                                            \
    REFUSED_WITH(columns, (uint32_t *)values, OVERLAP, VALUES, call)

#endif
