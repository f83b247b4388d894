/* Groups of bad calls for tables that keep every argument in a variable, on top of refuse.h.
 *
 * Tables that use them keep every argument of the call in a variable, so that a fault is one variable set to a bad
 * value. `call` is then a macro that expands to the whole call.
 */
#ifndef REFUSE_VARIABLES_H
#define REFUSE_VARIABLES_H

#include "refuse.h"

/* As in refuse.h, but `call` may be a macro: it is expanded before its text is taken, so that the name printed is the
 * function's. */
#define GOOD(call) ACCEPTED(call)
#define BAD(place, value, reason, argument, call) REFUSED_WITH(place, value, reason, argument, call)

/* A pointer that must not be null. */
#define BAD_POINTER(pointer, argument, call)                                   \
    BAD(pointer, NULL, NULL_POINTER, argument, call);                          \
    BAD(pointer, OFF_BY_ONE_BYTE(pointer), MISALIGNED, argument, call)

/* A length or a stride in elements that makes an array too long for the address space. */
#define BAD_LENGTH(length, element, argument, call)                                        \
    BAD(length, SIZE_MAX, SIZE_OVERFLOW, argument, call);                                  \
    BAD(length, SIZE_MAX / 2 / sizeof(element) + 1, SIZE_OVERFLOW, argument, call)

/* A matrix of `cols` columns and more than one row. */
#define BAD_MATRIX(pointer, stride, cols, argument, call)                                  \
    BAD_POINTER(pointer, argument, call);                                                  \
    BAD(stride, (cols) - 1, STRIDE, argument, call);                                       \
    BAD(stride, 0, STRIDE, argument, call);                                                \
    BAD_LENGTH(stride, *(pointer), argument, call)

/* A struct that begins with its size. */
#define BAD_STRUCT(place, argument, call)                                                  \
    BAD((place).struct_size, 0, STRUCT_SIZE, argument, call);                              \
    BAD((place).struct_size, 7, STRUCT_SIZE, argument, call);                              \
    BAD((place).struct_size, sizeof(place) - 1, STRUCT_SIZE, argument, call);              \
    BAD((place).struct_size, sizeof(place) + 8, STRUCT_SIZE, argument, call);              \
    BAD((place).struct_size, UINT32_MAX, STRUCT_SIZE, argument, call)

#define BAD_WORKSPACE(workspace, bytes, call)                                              \
    BAD(workspace, NULL, NULL_POINTER, WORKSPACE, call);                                   \
    BAD(workspace, OFF_BY_ONE_BYTE(workspace), MISALIGNED, WORKSPACE, call);               \
    BAD(bytes, (bytes) - 1, WORKSPACE_TOO_SMALL, WORKSPACE, call);                         \
    BAD(bytes, 0, WORKSPACE_TOO_SMALL, WORKSPACE, call)

/* The two results of a workspace query, `bytes` and `align` being pointers. */
#define BAD_QUERY(bytes, align, call)                                                      \
    BAD_POINTER(bytes, BYTES, call);                                                       \
    BAD_POINTER(align, ALIGN, call);                                                       \
    BAD(align, bytes, OVERLAP, ALIGN, call)

/* A function that sets up a struct through `pointer`. */
#define BAD_INIT(structure, argument, init)                                                \
    static void bad_##init(void) {                                                         \
        structure value, *pointer = &value;                                                \
        GUARD(value);                                                                      \
        GOOD(init(pointer));                                                               \
        BAD_POINTER(pointer, argument, init(pointer));                                     \
        RELEASE();                                                                         \
    }

/* Memory for a workspace of `bytes` bytes at a multiple of `align`; *memory is to be freed. */
static inline void *new_workspace(size_t bytes, size_t align, void **memory) {
    size_t past;
    *memory = malloc(bytes + align);
    if (*memory == NULL || align == 0) {
        abort();
    }
    past = (size_t)((uintptr_t)*memory % align);
    return (char *)*memory + (past == 0 ? 0 : align - past);
}

#endif
