/* A forest, and the bad calls of the functions that take one as arrays, on top of refuse_groups.h. */
#ifndef REFUSE_FOREST_H
#define REFUSE_FOREST_H

#include "refuse_groups.h"

/* One more node than 32 bits can number. */
#define TOO_MANY_NODES ((size_t)UINT32_MAX + 1)

enum { ROOM = 24 };

/* 0 has the children 1 and 2, which exclude each other, 1 has 3; 4 stands alone and only groups. */
#define FOREST()                                                                                                 \
    uint32_t parent_values[ROOM] = {SAEK_NONE, 0, 0, 1, SAEK_NONE}, *parents = parent_values;                    \
    uint32_t feature_values[ROOM] = {0, 1, 2, 3, SAEK_NONE}, *features = feature_values;                         \
    uint8_t exclusive_values[ROOM] = {1, 0, 0, 0, 0}, *exclusive = exclusive_values;                             \
    size_t nodes = 5

#define BAD_FOREST(call)                                                                                         \
    BAD_POINTER(parents, PARENTS, call);                                                                         \
    BAD_POINTER(features, FEATURES, call);                                                                       \
    REFUSED_WITH(exclusive, NULL, NULL_POINTER, EXCLUSIVE, call);                                                \
    REFUSED_WITH(nodes, TOO_MANY_NODES, OUT_OF_RANGE, NODES, call);                                              \
    REFUSED_WITH(nodes, SIZE_MAX, OUT_OF_RANGE, NODES, call);                                                    \
    REFUSED_WITH(parents, (uint32_t *)workspace, OVERLAP, WORKSPACE, call);                                      \
    REFUSED_WITH(features, (uint32_t *)workspace, OVERLAP, WORKSPACE, call);                                     \
    REFUSED_WITH(exclusive, (uint8_t *)workspace, OVERLAP, WORKSPACE, call);                                     \
    BAD_WORKSPACE(call);                                                                                         \
    REFUSED_WITH(parent_values[3], 5, INDEX_OUT_OF_RANGE, PARENTS, call);                                        \
    REFUSED_WITH(parent_values[3], SAEK_NONE - 1, INDEX_OUT_OF_RANGE, PARENTS, call);                            \
    REFUSED_WITH(feature_values[3], 4, INDEX_OUT_OF_RANGE, FEATURES, call);                                      \
    REFUSED_WITH(feature_values[3], SAEK_NONE - 1, INDEX_OUT_OF_RANGE, FEATURES, call);                          \
    REFUSED_WITH(feature_values[3], 0, DUPLICATE_INDEX, FEATURES, call);                                         \
    REFUSED_WITH(exclusive_values[0], 2, UNKNOWN_VALUE, EXCLUSIVE, call);                                        \
    REFUSED_WITH(exclusive_values[4], 255, UNKNOWN_VALUE, EXCLUSIVE, call);                                      \
    REFUSED_WITH(exclusive_values[1], 1, TOO_FEW_CHILDREN, EXCLUSIVE, call);                                     \
    REFUSED_WITH(exclusive_values[3], 1, TOO_FEW_CHILDREN, EXCLUSIVE, call);                                     \
    REFUSED_WITH(parent_values[4], 4, CYCLE, PARENTS, call);                                                     \
    REFUSED_WITH(parent_values[0], 3, CYCLE, PARENTS, call)

#endif
