package proppage

import (
	"encoding/binary"
	"unicode/utf16"
)

// class is what a control is.
type class int

const (
	label    class = iota
	text           // a label whose text changes: an & in it is an &
	edit           // one line
	number         // an edit that takes digits
	password       // an edit that shows none of its text
	checkbox
	button
	groupBox
)

// control is one control of the dialog. Positions are dialog units: a quarter
// of the font's average width, an eighth of its height.
type control struct {
	class      class
	id         int // -1: nobody asks for it
	option     string
	caption    string
	x, y, w, h int
	group      bool // arrow keys stop here
}

// Window styles (winuser.h).
const (
	wsChild, wsVisible, wsTabStop, wsGroup = 0x40000000, 0x10000000, 0x10000, 0x20000
	wsExControlParent, wsExClientEdge      = 0x10000, 0x200
	dsShellFont, dsControl                 = 0x48, 0x400
	bsAutoCheckBox, bsGroupBox             = 3, 7
	esAutoHScroll, esPassword, esNumber    = 0x80, 0x20, 0x2000
	ssNoPrefix, ssNotify                   = 0x80, 0x100
	atomButton, atomEdit, atomStatic       = 0x80, 0x81, 0x82
	anyCharset                             = 1 // DEFAULT_CHARSET
	regular                                = 400
)

// kinds has each class with its window class, style and extended style.
var kinds = map[class]struct {
	atom         uint16
	style, extra uint32
}{
	label:    {atomStatic, 0, 0},
	text:     {atomStatic, ssNoPrefix | ssNotify, 0}, // without the notices it has no hint
	edit:     {atomEdit, wsTabStop | esAutoHScroll, wsExClientEdge},
	number:   {atomEdit, wsTabStop | esAutoHScroll | esNumber, wsExClientEdge},
	password: {atomEdit, wsTabStop | esAutoHScroll | esPassword, wsExClientEdge},
	checkbox: {atomButton, wsTabStop | bsAutoCheckBox, 0},
	button:   {atomButton, wsTabStop, 0},
	groupBox: {atomButton, bsGroupBox, 0},
}

// template is a DLGTEMPLATEEX: a child dialog of w by h dialog units, hidden
// until it is shown, in the system's dialog font, whose size carries the whole
// page to other resolutions.
func template(w, h int, controls []control) []byte {
	le := binary.LittleEndian
	var b []byte
	words := func(v ...int) {
		for _, x := range v {
			b = le.AppendUint16(b, uint16(x))
		}
	}
	wide := func(s string) {
		for _, u := range utf16.Encode([]rune(s)) {
			b = le.AppendUint16(b, u)
		}
		words(0)
	}
	words(1, 0xffff) // version and signature of the extended form
	b = le.AppendUint32(b, 0)
	b = le.AppendUint32(b, wsExControlParent)
	b = le.AppendUint32(b, wsChild|dsControl|dsShellFont)
	words(len(controls), 0, 0, w, h)
	words(0, 0, 0) // no menu, the dialog's own class, no title
	words(8, regular)
	b = append(b, 0, anyCharset)
	wide("MS Shell Dlg")
	for _, c := range controls {
		for len(b)%4 != 0 {
			b = append(b, 0) // each control begins at a DWORD
		}
		kind := kinds[c.class]
		style := wsChild | wsVisible | kind.style
		if c.group {
			style |= wsGroup
		}
		b = le.AppendUint32(b, 0)
		b = le.AppendUint32(b, kind.extra)
		b = le.AppendUint32(b, style)
		words(c.x, c.y, c.w, c.h)
		b = le.AppendUint32(b, uint32(c.id))
		words(0xffff, int(kind.atom))
		wide(c.caption)
		words(0) // nothing for WM_CREATE
	}
	return b
}
