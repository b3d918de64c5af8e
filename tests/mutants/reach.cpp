// Says after each test case which mutants it reached, and how much processor time it took, where KEHUBU_MUTANT_REACH names a file for that.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "tests/mutants/switch.h"

namespace {

struct Reach : doctest::IReporter {
  explicit Reach(const doctest::ContextOptions&) {
    if (const char* path = std::getenv("KEHUBU_MUTANT_REACH")) {
      file = std::fopen(path, "w");
    }
  }
  ~Reach() override {
    if (file != nullptr) {
      std::fclose(file);
    }
  }
  void test_case_start(const doctest::TestCaseData& data) override {
    name = data.m_name;
    started = std::clock();
    std::memset(kehubu_reached, 0, sizeof(kehubu_reached));
  }
  void test_case_end(const doctest::CurrentTestCaseStats&) override {
    if (file == nullptr) {
      return;
    }
    std::fprintf(file, "%s\t%f\t", name, static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC);
    for (int number = 1; number <= most_mutants; ++number) {
      if (kehubu_reached[number] != 0) {
        std::fprintf(file, "%d ", number);
      }
    }
    std::fprintf(file, "\n");
  }
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}

  std::FILE* file = nullptr;
  const char* name = "";
  std::clock_t started = 0;
};

REGISTER_LISTENER("reach", 1, Reach);

}  // namespace
