export { argumentsOf, describeCall, resultOf, resultText } from './arguments.ts';
export { errnoMeaning, errnoName, errnoOf } from './errno.ts';
export { callFacts, syscallCodes, tablesOfMachine } from './facts.ts';
export { SYSCALL_TABLES, syscallCode, syscallName, type SyscallTable, syscallTableOf } from './names.ts';
