/* A generator with everything that a generator can have, and the bad calls of the functions that take one.
 *
 * The table's function declares `struct recipe_f32 recipe` (or f64), calls recipe_init_f32(&recipe), and has a variable
 * `generator` that points to recipe.generator.
 */
#ifndef REFUSE_GENERATOR_H
#define REFUSE_GENERATOR_H

#include "refuse_variables.h"

enum { FEATURES = 4, FACTOR_STRIDE = 5, NODES = 3, PLAN_LEN = 6 * NODES + 1 };

/* What a callback shall do: set `*place` to `value` where `spoil` is not 0, and answer `answer`. */
struct behaviour {
    int answer, spoil;
    double value;
};

/* Plans a recipe's forest; the children of feature 0 are scaled or not. */
static inline void plan_recipe(const uint32_t *parents, const uint32_t *features, const uint8_t *exclusive, int scale,
                               uint32_t *plan) {
    uint32_t workspace[2 * PLAN_LEN + 64];
    uint8_t scaled[NODES] = {0};
    size_t bytes, align;
    scaled[0] = (uint8_t)scale;
    if (saek_plan_hierarchy_workspace(NODES, &bytes, &align) != SAEK_STATUS_OK || bytes + align > sizeof workspace ||
        saek_plan_hierarchy(parents, features, exclusive, scaled, NODES, FEATURES, plan, PLAN_LEN,
                            (char *)workspace + (align - (uintptr_t)workspace % align) % align, bytes) != SAEK_STATUS_OK) {
        abort();
    }
}

#define RECIPE(type, real)                                                                                        \
    struct recipe_##type {                                                                                        \
        real probabilities[FEATURES], means[FEATURES], std_devs[FEATURES];                                        \
        real factor[FEATURES * FACTOR_STRIDE], thresholds[FEATURES];                                              \
        uint32_t parents[NODES], features[NODES];                                                                 \
        uint32_t plan[PLAN_LEN];                                                                                  \
        uint8_t exclusive[NODES];                                                                                 \
        struct behaviour behaviour;                                                                               \
        saek_firing_##type firing;                                                                                \
        saek_modifier_##type hierarchy, callback, planned;                                                        \
        const saek_modifier_##type *list[3];                                                                      \
        saek_generator_##type generator;                                                                          \
    };                                                                                                            \
                                                                                                                  \
    static int modify_##type(void *context, uint64_t first_row, real *activations, size_t rows, size_t cols,      \
                             size_t stride) {                                                                     \
        const struct behaviour *behaviour = (const struct behaviour *)context;                                    \
        (void)first_row, (void)rows, (void)cols, (void)stride;                                                    \
        if (behaviour->spoil) {                                                                                   \
            activations[1] = (real)behaviour->value;                                                              \
        }                                                                                                         \
        return behaviour->answer;                                                                                 \
    }                                                                                                             \
                                                                                                                  \
    static void recipe_init_##type(struct recipe_##type *r) {                                                     \
        size_t i;                                                                                                 \
        memset(r, 0, sizeof *r);                                                                                  \
        for (i = 0; i < FEATURES; i++) {                                                                          \
            r->probabilities[i] = (real)0.5;                                                                      \
            r->means[i] = 1;                                                                                      \
            r->std_devs[i] = (real)0.25;                                                                          \
            r->factor[i * FACTOR_STRIDE + i] = 1;                                                                 \
        }                                                                                                         \
        /* Feature 0 is the parent of features 1 and 2, which exclude each other. */                              \
        r->parents[0] = SAEK_NONE;                                                                                \
        r->features[1] = 1;                                                                                       \
        r->features[2] = 2;                                                                                       \
        r->exclusive[0] = 1;                                                                                      \
        saek_firing_##type##_init(&r->firing);                                                                    \
        r->firing.probabilities = r->probabilities;                                                               \
        r->firing.means = r->means;                                                                               \
        r->firing.std_devs = r->std_devs;                                                                         \
        r->firing.probabilities_len = r->firing.means_len = r->firing.std_devs_len = FEATURES;                    \
        r->hierarchy.struct_size = r->callback.struct_size = r->planned.struct_size = sizeof r->callback;         \
        r->hierarchy.kind = SAEK_MODIFIER_HIERARCHY;                                                              \
        r->hierarchy.parents = r->parents;                                                                        \
        r->hierarchy.features = r->features;                                                                      \
        r->hierarchy.exclusive = r->exclusive;                                                                    \
        r->hierarchy.nodes = NODES;                                                                               \
        r->callback.kind = SAEK_MODIFIER_CALLBACK;                                                                \
        r->callback.modify = modify_##type;                                                                       \
        r->callback.context = &r->behaviour;                                                                      \
        r->list[0] = &r->callback;                                                                                \
        r->list[1] = &r->hierarchy;                                                                               \
        r->planned.kind = SAEK_MODIFIER_PLANNED_HIERARCHY;                                                        \
        r->planned.parents = r->plan;                                                                             \
        r->planned.nodes = PLAN_LEN;                                                                              \
        r->list[2] = &r->planned;                                                                                 \
        plan_recipe(r->parents, r->features, r->exclusive, 0, r->plan);                                           \
        r->generator.struct_size = sizeof r->generator;                                                           \
        r->generator.features = FEATURES;                                                                         \
        r->generator.firing = &r->firing;                                                                         \
        r->generator.factor = r->factor;                                                                          \
        r->generator.factor_stride = FACTOR_STRIDE;                                                               \
        r->generator.thresholds = r->thresholds;                                                                  \
        r->generator.modifiers = r->list;                                                                         \
        r->generator.modifiers_len = 3;                                                                           \
    }

RECIPE(f32, float)
RECIPE(f64, double)

/* Structs, pointers and sizes: what the workspace queries look at too. */
#define BAD_GENERATOR_MEMORY(generator, recipe, call)                                                             \
    BAD_POINTER(generator, GENERATOR, call);                                                                      \
    BAD_STRUCT((recipe).generator, GENERATOR, call);                                                              \
    BAD((recipe).generator.features, 0, EMPTY, FEATURES, call);                                                   \
    BAD_POINTER((recipe).generator.firing, FIRING, call);                                                         \
    BAD_STRUCT((recipe).firing, FIRING, call);                                                                    \
    BAD_POINTER((recipe).firing.probabilities, PROBABILITIES, call);                                              \
    BAD_LENGTH((recipe).firing.probabilities_len, *(recipe).firing.probabilities, PROBABILITIES, call);           \
    BAD_POINTER((recipe).firing.means, MEANS, call);                                                              \
    BAD_LENGTH((recipe).firing.means_len, *(recipe).firing.means, MEANS, call);                                   \
    BAD_POINTER((recipe).firing.std_devs, STD_DEVS, call);                                                        \
    BAD_LENGTH((recipe).firing.std_devs_len, *(recipe).firing.std_devs, STD_DEVS, call);                          \
    /* No factor stands for no correlation, so a null one is no fault. */                                         \
    BAD((recipe).generator.factor, OFF_BY_ONE_BYTE((recipe).factor), MISALIGNED, FACTOR, call);                   \
    BAD((recipe).generator.factor_stride, FEATURES - 1, STRIDE, FACTOR, call);                                    \
    BAD_LENGTH((recipe).generator.factor_stride, *(recipe).factor, FACTOR, call);                                 \
    BAD((recipe).generator.features, SIZE_MAX, STRIDE, FACTOR, call);                                             \
    BAD_POINTER((recipe).generator.thresholds, THRESHOLDS, call);                                                 \
    BAD_POINTER((recipe).generator.modifiers, MODIFIERS, call);                                                   \
    BAD_LENGTH((recipe).generator.modifiers_len, *(recipe).list, MODIFIERS, call);                                \
    BAD_POINTER((recipe).list[0], MODIFIERS, call);                                                               \
    BAD_POINTER((recipe).list[1], MODIFIERS, call);                                                               \
    BAD_STRUCT((recipe).hierarchy, MODIFIERS, call);                                                              \
    BAD_STRUCT((recipe).callback, MODIFIERS, call);                                                               \
    BAD_STRUCT((recipe).planned, MODIFIERS, call);                                                                \
    BAD_POINTER((recipe).list[2], MODIFIERS, call);                                                               \
    BAD_POINTER((recipe).planned.parents, PLAN, call);                                                            \
    BAD((recipe).planned.nodes, 0, SHAPE, PLAN, call);                                                            \
    BAD((recipe).planned.nodes, PLAN_LEN - 1, SHAPE, PLAN, call);                                                 \
    BAD_LENGTH((recipe).planned.nodes, *(recipe).plan, PLAN, call);                                               \
    BAD((recipe).callback.kind, 3, UNKNOWN_VALUE, MODIFIERS, call);                                               \
    BAD((recipe).hierarchy.kind, UINT32_MAX, UNKNOWN_VALUE, MODIFIERS, call);                                     \
    BAD((recipe).callback.modify, NULL, NULL_POINTER, MODIFIERS, call);                                           \
    BAD_POINTER((recipe).hierarchy.parents, PARENTS, call);                                                       \
    BAD_POINTER((recipe).hierarchy.features, FEATURES, call);                                                     \
    BAD((recipe).hierarchy.exclusive, NULL, NULL_POINTER, EXCLUSIVE, call);                                       \
    BAD_LENGTH((recipe).hierarchy.nodes, *(recipe).parents, PARENTS, call)

/* Values, in what the generator points to. */
#define BAD_GENERATOR_VALUES(recipe, call)                                                                        \
    BAD((recipe).firing.means_len, 2, SHAPE, MEANS, call);                                                        \
    BAD((recipe).firing.means_len, 0, EMPTY, MEANS, call);                                                        \
    BAD((recipe).firing.std_devs_len, FEATURES - 1, SHAPE, STD_DEVS, call);                                       \
    BAD((recipe).firing.std_devs_len, 0, EMPTY, STD_DEVS, call);                                                  \
    NOT_FINITE((recipe).means[1], MEANS, call);                                                                   \
    NOT_FINITE((recipe).std_devs[FEATURES - 1], STD_DEVS, call);                                                  \
    BAD((recipe).std_devs[0], -1, OUT_OF_RANGE, STD_DEVS, call);                                                  \
    NOT_FINITE((recipe).factor[FACTOR_STRIDE], FACTOR, call);                                                     \
    BAD((recipe).thresholds[FEATURES - 1], NAN, NOT_A_NUMBER, THRESHOLDS, call);                                  \
    BAD((recipe).parents[0], 1, CYCLE, PARENTS, call);                                                            \
    BAD((recipe).parents[2], NODES, INDEX_OUT_OF_RANGE, PARENTS, call);                                           \
    BAD((recipe).features[1], FEATURES, INDEX_OUT_OF_RANGE, FEATURES, call);                                      \
    BAD((recipe).features[1], 2, DUPLICATE_INDEX, FEATURES, call);                                                \
    BAD((recipe).exclusive[0], 2, UNKNOWN_VALUE, EXCLUSIVE, call);                                                \
    BAD((recipe).parents[2], SAEK_NONE, TOO_FEW_CHILDREN, EXCLUSIVE, call)

/* The means, which feature 0 must not divide by where its children are scaled. */
#define BAD_SCALING(recipe, call)                                                                                 \
    plan_recipe((recipe).parents, (recipe).features, (recipe).exclusive, 1, (recipe).plan);                       \
    take_guards();                                                                                                \
    GOOD(call);                                                                                                   \
    BAD((recipe).means[0], 0, OUT_OF_RANGE, MEANS, call);                                                         \
    BAD((recipe).means[0], -1, OUT_OF_RANGE, MEANS, call);                                                        \
    BAD((recipe).means[0], NAN, OUT_OF_RANGE, MEANS, call);                                                       \
    BAD((recipe).means[0], INFINITY, OUT_OF_RANGE, MEANS, call);                                                  \
    BAD((recipe).firing.means_len, 2, SHAPE, MEANS, call);                                                        \
    BAD((recipe).firing.means_len, 0, SHAPE, MEANS, call);                                                        \
    /* Those of features that scale nothing may be anything; and all of them without scaling. */                  \
    (recipe).means[1] = (recipe).means[2] = -1;                                                                   \
    take_guards();                                                                                                \
    GOOD(call);                                                                                                   \
    (recipe).means[0] = 0;                                                                                        \
    plan_recipe((recipe).parents, (recipe).features, (recipe).exclusive, 0, (recipe).plan);                       \
    take_guards();                                                                                                \
    GOOD(call);                                                                                                   \
    (recipe).means[0] = (recipe).means[1] = (recipe).means[2] = 1;                                                \
    take_guards()

/* The probabilities, which count where there is no factor. */
#define BAD_PROBABILITIES(recipe, call)                                                                           \
    (recipe).generator.factor = NULL;                                                                             \
    take_guards();                                                                                                \
    BAD((recipe).firing.probabilities_len, 2, SHAPE, PROBABILITIES, call);                                        \
    BAD((recipe).firing.probabilities_len, 0, EMPTY, PROBABILITIES, call);                                        \
    NOT_FINITE((recipe).probabilities[0], PROBABILITIES, call);                                                   \
    BAD((recipe).probabilities[FEATURES - 1], 1.5, OUT_OF_RANGE, PROBABILITIES, call);                            \
    BAD((recipe).probabilities[FEATURES - 1], -0.5, OUT_OF_RANGE, PROBABILITIES, call);                           \
    (recipe).generator.factor = (recipe).factor;                                                                  \
    take_guards()

#endif
