#include "runtime/child_process.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace torg {
namespace {

ChildCommand shell(std::string script) {
  return {
      .arguments = {"/bin/sh", "-c", std::move(script)}, .environment = {"PATH=/usr/bin:/bin"}, .input = {}};
}

TEST(ChildProcess, GivesBackWhatTheChildWroteAndItsExitCode) {
  auto const result = run_child_blocking(shell("echo out; echo err >&2; exit 7"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "out\n");
  EXPECT_EQ(result->errors, "err\n");
  EXPECT_EQ(result->exit_code, 7);
}

TEST(ChildProcess, FeedsMoreThanAPipeHolds) {
  ChildCommand command{.arguments = {"/bin/cat"}, .environment = {}, .input = std::string(5'000'000, 'x')};
  auto const result = run_child_blocking(command);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, command.input);
}

TEST(ChildProcess, LetsAChildWithoutInputComeToItsEnd) {
  auto const result = run_child_blocking({.arguments = {"/bin/cat"}, .environment = {}, .input = {}});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 0);
}

TEST(ChildProcess, ReadsAFileThatNobodyElseHasToHold) {
  ChildCommand command{
      .arguments = {"/bin/cat"}, .environment = {}, .input = {}, .input_file = "/proc/self/comm"};
  auto const result = run_child_blocking(command);
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->output.empty());
  command.input_file = "/no/such/file";
  EXPECT_FALSE(run_child_blocking(command));
}

TEST(ChildProcess, InheritsNoEnvironment) {
  auto command = shell("env");
  command.environment = {"ONLY=this"};
  auto const result = run_child_blocking(command);
  ASSERT_TRUE(result);
  EXPECT_NE(result->output.find("ONLY=this"), std::string::npos);
  EXPECT_EQ(result->output.find("HOME="), std::string::npos);
}

TEST(ChildProcess, KillsAChildThatMissesItsDeadline) {
  auto command = shell("cat; while :; do :; done");
  command.deadline = std::chrono::milliseconds(200);
  auto const result = run_child_blocking(command);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
}

TEST(ChildProcess, RefusesAnAnswerBeyondItsLimit) {
  auto command = shell("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done");
  command.output_limit = 1000;
  auto const result = run_child_blocking(command);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::too_large);
}

TEST(ChildProcess, TellsTheSignalThatEndedAChild) {
  auto const result = run_child_blocking(shell("kill -SEGV $$"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, -SIGSEGV);
}

TEST(ChildProcess, SurvivesAChildThatDoesNotListen) {
  ChildCommand command{.arguments = {"/bin/true"}, .environment = {}, .input = std::string(5'000'000, 'x')};
  auto const result = run_child_blocking(command);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 0);
}

TEST(ChildProcess, SaysWhenTheProgramIsNotThere) {
  auto const result = run_child_blocking({.arguments = {"/no/such/program"}, .environment = {}, .input = {}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace torg
