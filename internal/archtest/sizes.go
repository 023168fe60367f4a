package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

const (
	// longestFile in lines: past it a file holds more than one thing.
	longestFile = 400
	// longFile in lines is where a file begins to be worth a second look.
	longFile = 200
	// largestFile in bytes: a clone is for ever.
	largestFile = 1 << 20
	// largestTestdata in bytes, of all binary files in all testdata folders.
	largestTestdata = 2 << 20
)

func filesShort(t *Tree) []string {
	return longerThan(t, longestFile, "cut it where its subject changes")
}

// LongFiles lists the files that are allowed and still worth a look.
func LongFiles(t *Tree) []string {
	return longerThan(t, longFile, "one subject, or two?")
}

func longerThan(t *Tree, limit int, advice string) (long []string) {
	for _, s := range t.sources() {
		if s.Lines > limit && !ast.IsGenerated(s.File) {
			long = append(long, fmt.Sprintf("%s: %d lines, more than %d; %s", s.Path, s.Lines, limit, advice))
		}
	}
	return long
}

func binariesSmall(t *Tree) (broken []string) {
	total := 0
	for _, f := range t.Files {
		if !f.Binary {
			continue
		}
		if len(f.Data) > largestFile {
			broken = append(broken, fmt.Sprintf("%s: %d bytes, more than %d; make it smaller, or let the test make it", f.Path, len(f.Data), largestFile))
		}
		if slices.Contains(strings.Split(f.Path, "/"), "testdata") {
			total += len(f.Data)
		}
	}
	if total > largestTestdata {
		broken = append(broken, fmt.Sprintf("testdata: %d bytes of binary files in all, more than %d; cut captures to what their tests look at", total, largestTestdata))
	}
	return broken
}
