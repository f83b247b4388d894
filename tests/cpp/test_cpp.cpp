// The C library from C++17: the header compiles, its functions link, containers are passed as pointer and size.
#include "check.h"
#include "sae_kernels.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// Structs that cross the C ABI are plain data in C++ too.
static_assert(std::is_standard_layout_v<saek_zipfian_params> && std::is_trivial_v<saek_zipfian_params>);
static_assert(std::is_same_v<saek_status, std::int32_t>);

static void versions_agree_with_the_header() {
    CHECK(saek_version() == SAEK_VERSION);
    CHECK(saek_abi_version() == SAEK_ABI_VERSION);
}

static void a_vector_is_filled() {
    std::vector<double> probabilities(1000);
    CHECK(saek_zipfian_f64(probabilities.data(), probabilities.size(), nullptr) == SAEK_STATUS_OK);
    CHECK(std::is_sorted(probabilities.rbegin(), probabilities.rend()));
    CHECK(probabilities.front() == 0.3 && probabilities.back() == 0.01);
}

static void a_refusal_has_words() {
    std::vector<float> none;
    const saek_status status = saek_zipfian_f32(none.data(), none.size(), nullptr);
    CHECK(status == SAEK_STATUS(SAEK_STATUS_NULL_POINTER, SAEK_ARGUMENT_OUT));
    std::string message(128, '\0');
    CHECK(saek_status_message(status, message.data(), message.size()) == SAEK_STATUS_OK);
    CHECK(std::string_view(message.c_str()) == "out is a null pointer");
}

int main() {
    RUN(versions_agree_with_the_header);
    RUN(a_vector_is_filled);
    RUN(a_refusal_has_words);
    return finish();
}
