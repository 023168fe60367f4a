package proppage

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// item is a control as Windows reads it.
type item struct {
	style, extra uint32
	x, y, w, h   int
	id           int32
	atom         int
	caption      string
}

// reader reads a template from its bytes, as the documentation of DLGTEMPLATEEX
// has them.
type reader struct {
	t *testing.T
	b []byte
	n int
}

func (r *reader) word() int {
	require.LessOrEqual(r.t, r.n+2, len(r.b))
	r.n += 2
	return int(binary.LittleEndian.Uint16(r.b[r.n-2:]))
}

func (r *reader) dword() uint32 { return uint32(r.word()) | uint32(r.word())<<16 }

func (r *reader) wide() string {
	var units []uint16
	for u := r.word(); u != 0; u = r.word() {
		units = append(units, uint16(u))
	}
	return string(utf16.Decode(units))
}

// readTemplate returns size and controls, and checks what is fixed.
func readTemplate(t *testing.T, b []byte) (w, h int, items []item) {
	r := &reader{t: t, b: b}
	require.Equal(t, []int{1, 0xffff}, []int{r.word(), r.word()}, "the extended form")
	require.Zero(t, r.dword())
	require.EqualValues(t, 0x10000, r.dword(), "WS_EX_CONTROLPARENT: the Tab key goes through the page")
	require.EqualValues(t, 0x40000000|0x400|0x48, r.dword(), "WS_CHILD, DS_CONTROL, DS_SHELLFONT, and hidden")
	n := r.word()
	require.Zero(t, r.word()+r.word())
	w, h = r.word(), r.word()
	require.Zero(t, r.word()+r.word()+r.word())
	require.Equal(t, []int{8, 400, 0x100}, []int{r.word(), r.word(), r.word()}, "points, weight, italic and charset")
	require.Equal(t, "MS Shell Dlg", r.wide())
	for range n {
		r.n = (r.n + 3) &^ 3
		require.Zero(t, r.dword(), "help ID: the control is not where it is looked for")
		i := item{extra: r.dword(), style: r.dword(), x: r.word(), y: r.word(), w: r.word(), h: r.word(), id: int32(r.dword())}
		require.Equal(t, 0xffff, r.word())
		i.atom, i.caption = r.word(), r.wide()
		require.Zero(t, r.word())
		items = append(items, i)
	}
	require.Equal(t, len(b), r.n, "nothing behind the last control")
	return w, h, items
}

func (i *item) box() bool  { return i.atom == 0x80 && i.style&0xf == 7 }
func (i *item) edit() bool { return i.atom == 0x81 }

func TestTemplateIsRead(t *testing.T) {
	w, h, items := readTemplate(t, Template())
	require.Equal(t, []int{width, height}, []int{w, h})
	require.Len(t, items, len(controls()))
	for n, c := range controls() {
		i := items[n]
		require.Equal(t, []int{c.id, c.x, c.y, c.w, c.h}, []int{int(i.id), i.x, i.y, i.w, i.h})
		require.Equal(t, c.caption, i.caption)
		require.EqualValues(t, 0x50000000, i.style&0xf0000000, "WS_CHILD, WS_VISIBLE")
		require.Equal(t, c.class == password, i.edit() && i.style&0x20 != 0, "ES_PASSWORD")
		stops := c.class == button || c.class == checkbox || i.edit()
		require.Equal(t, stops, i.style&0x10000 != 0, "WS_TABSTOP of what takes keys")
	}
}

func TestControlsLieInThePageAndApart(t *testing.T) {
	w, h, items := readTemplate(t, Template())
	for n, i := range items {
		require.True(t, i.x >= 7 && i.y >= 7 && i.x+i.w <= w-7 && i.y+i.h <= h-7, "outside the margin: %+v", i)
		for _, j := range items[:n] {
			apart := i.x+i.w <= j.x || j.x+j.w <= i.x || i.y+i.h <= j.y || j.y+j.h <= i.y
			if i.box() == j.box() {
				require.True(t, apart, "%q and %q overlap", i.caption, j.caption)
			}
			if j.box() && !apart {
				require.True(t, i.x > j.x+4 && i.y > j.y+8 && i.x+i.w < j.x+j.w-2 && i.y+i.h < j.y+j.h-2, "%q is on the edge of %q", i.caption, j.caption)
			}
		}
	}
}

// TestTabOrderIsReadingOrder goes from row to row; what stands lower on the page
// in another column is read later.
func TestTabOrderIsReadingOrder(t *testing.T) {
	_, _, items := readTemplate(t, Template())
	for n := 1; n < len(items); n++ {
		was, now := items[n-1], items[n]
		sameRow := now.y < was.y+was.h && was.y < now.y+now.h
		column := now.x > was.x+was.w && now.y < was.y // the second column of the statistics
		require.True(t, now.y >= was.y+was.h || sameRow && now.x > was.x || was.box() || column, "%+v comes before %+v", was, now)
	}
}

func TestNumbersAreUnique(t *testing.T) {
	seen := map[int]bool{}
	for _, c := range controls() {
		require.False(t, seen[c.id], "number %d twice", c.id)
		seen[c.id] = c.id > 0
		require.NotContains(t, []int{1, 2}, c.id, "IDOK and IDCANCEL are the frame's")
	}
}

// TestMnemonicsAreUnique looks also for those of the frame's buttons.
func TestMnemonicsAreUnique(t *testing.T) {
	seen := map[rune]string{'a': "Apply", 'h': "Help"}
	for n, c := range controls() {
		at := strings.IndexByte(c.caption, '&')
		takesKeys := c.class == checkbox || c.class == button
		if c.class == edit || c.class == number || c.class == password {
			before := controls()[n-1]
			require.Equal(t, label, before.class, "a field has its caption before it")
			require.Contains(t, before.caption, "&")
			require.True(t, strings.HasSuffix(before.caption, ":"))
		}
		require.False(t, takesKeys && at < 0, "%q has no mnemonic", c.caption)
		if at < 0 {
			continue
		}
		key := unicode.ToLower(rune(c.caption[at+1]))
		require.Empty(t, seen[key], "%q wants %c", c.caption, key)
		seen[key] = c.caption
	}
}

// TestCaptionsAreTheTables holds the page to the table's words.
func TestCaptionsAreTheTables(t *testing.T) {
	fields := byName(defaults())
	found := 0
	for n, c := range controls() {
		if c.option == "" {
			continue
		}
		found++
		f := fields[c.option]
		caption := c.caption
		if c.class != checkbox {
			caption = strings.TrimSuffix(controls()[n-1].caption, ":")
		}
		require.Equal(t, f.Label, strings.Replace(caption, "&", "", 1))
		if f.Unit == "bytes" || f.Unit == "ms" {
			require.Equal(t, f.Unit, controls()[n+1].caption)
		}
	}
	require.Equal(t, 16, found)
}
