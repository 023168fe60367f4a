package archtest

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// private are what only one machine knows, or what is nobody's business here.
// They are put together from halves, so that this file does not hold them.
var private = []string{
	"/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/tm" + "p/", "/fa" + "rm/",
	"proxy.gol" + "ang", "sum.gol" + "ang", "deb.deb" + "ian", "registry.np" + "mjs",
	"clau" + "de", "anthr" + "opic", "chat" + "gpt", "language mo" + "del",
}

// unfinished marks have no place in a tree that ships; halved as above.
var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

func wordsAllowed(t *Tree) (broken []string) {
	for _, f := range t.Files {
		if f.Binary || strings.HasSuffix(f.Path, ".sum") {
			continue
		}
		for number, line := range lines(f.Data) {
			lower := bytes.ToLower(line)
			for _, word := range private {
				if bytes.Contains(lower, []byte(word)) {
					broken = append(broken, fmt.Sprintf("%s:%d: %q; the repository speaks of the product alone: take a relative path, the system's folder for temporary files, or leave it out", f.Path, number, word))
				}
			}
			if mark := unfinished.Find(line); mark != nil && strings.HasSuffix(f.Path, ".go") {
				broken = append(broken, fmt.Sprintf("%s:%d: %s; finish it, or say in the documentation what is not done", f.Path, number, mark))
			}
		}
	}
	return broken
}

// server finds the host of an RTMP URL, credentials passed over.
var server = regexp.MustCompile(`rtmpt?e?s?://(?:[^@/\s"'` + "`" + `]*@)?(\[[^\]]*\]|[^/:+?\s"'` + "`" + `]+)`)

// examples are the names and addresses that are nobody's.
var (
	exampleNames = regexp.MustCompile(`(?i)(^|\.)(example\.(com|net|org)|example|test|invalid|localhost)\.?$`)
	exampleNets  = []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("0.0.0.0/32"),
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	}
	publicName = regexp.MustCompile(`(?i)\.[a-z]{2,}\.?$`)
)

func serversAreExamples(t *Tree) (broken []string) {
	for _, f := range t.Files {
		if f.Binary {
			continue
		}
		for number, line := range lines(f.Data) {
			for _, match := range server.FindAllSubmatch(line, -1) {
				if host := string(match[1]); somebodys(host) {
					broken = append(broken, fmt.Sprintf("%s:%d: %s may be somebody's server; write 127.0.0.1 or example.com", f.Path, number, host))
				}
			}
		}
	}
	return broken
}

// somebodys tells a name or IPv4 address that may belong to somebody.
func somebodys(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Is4() && !slices.ContainsFunc(exampleNets, func(p netip.Prefix) bool { return p.Contains(addr) })
	}
	return publicName.MatchString(host) && !exampleNames.MatchString(host)
}

// lines yields each line with its number, from 1.
func lines(data []byte) func(yield func(int, []byte) bool) {
	return func(yield func(int, []byte) bool) {
		number := 0
		for line := range bytes.Lines(data) {
			number++
			if !yield(number, line) {
				return
			}
		}
	}
}
