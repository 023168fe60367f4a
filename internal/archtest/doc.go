// Package archtest holds the rules of the house as tests: who may import whom,
// what must be documented, how long a file may be, which names and words have
// no place here. Each rule reads the whole tree as files, on every system's
// behalf at once, and each message says what to do.
package archtest

// Rule is one rule of the house.
type Rule struct {
	// Name is the rule's name, in the words of a test's.
	Name string
	// Check returns one line for every place that breaks the rule: the place,
	// what is wrong, what to do.
	Check func(*Tree) []string
}

// Rules lists every rule that needs nothing but the tree.
func Rules() []Rule {
	return []Rule{
		{"rooms import only downward", importsDownward},
		{"rooms import only their libraries", importsLibraries},
		{"test libraries stay in tests", importsTestLibraries},
		{"packages are documented", packagesDocumented},
		{"public identifiers are documented", identifiersDocumented},
		{"names say what things are", namesSpeak},
		{"files are short", filesShort},
		{"binary files are small", binariesSmall},
		{"no private or foreign words", wordsAllowed},
		{"example servers are examples", serversAreExamples},
		{"tests do not sleep", testsAwake},
		{"tests do not skip", testsRun},
		{"parsers of foreign bytes are fuzzed", parsersFuzzed},
		{"tests that documents name exist", namedTestsExist},
	}
}
