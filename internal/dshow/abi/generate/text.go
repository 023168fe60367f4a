package main

import (
	"encoding/binary"
	"fmt"
	"strings"

	"rtmpwriter/internal/com"
)

// width is where comments are broken.
const width = 92

// wrap breaks a text into lines that each begin with the prefix. An empty line
// stays one.
func wrap(prefix, text string) string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if len(lines) > 0 {
			lines = append(lines, strings.TrimRight(prefix, " "))
		}
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			switch {
			case line == "":
				line = prefix + word
			case len(line)+1+len(word) > width:
				lines, line = append(lines, line), prefix+word
			default:
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// note is a C comment of its own lines.
func note(indent, text string) string {
	text = strings.TrimSpace(wrap(indent+"   ", strings.ReplaceAll(text, "*/", "* /")))
	return indent + "/* " + text + " */"
}

// defineGUID is the line that gives an identifier to C.
func defineGUID(name string, g com.GUID) string {
	return "DEFINE_GUID(" + name + ",\n    " + guidParts(g) + ");"
}

// guidParts are the eleven numbers of DEFINE_GUID.
func guidParts(g com.GUID) string {
	le := binary.LittleEndian
	text := fmt.Sprintf("0x%08x, 0x%04x, 0x%04x", le.Uint32(g[:]), le.Uint16(g[4:]), le.Uint16(g[6:]))
	for _, b := range g[8:] {
		text += fmt.Sprintf(", 0x%02x", b)
	}
	return text
}

// bare is the identifier without its braces.
func bare(g com.GUID) string { return strings.Trim(g.String(), "{}") }

// pascal writes the words of a choice as one: no-drop is NoDrop, 1.2 is 1_2.
func pascal(word string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(word, "-") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return strings.ReplaceAll(b.String(), ".", "_")
}
