package soak

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const chartWidth, chartLeft, plotWidth, plotHeight = 860, 74, 760, 120

// drawn is the picture of a run: the same samples give the same bytes.
func drawn(title string, all []sample) []byte {
	var b bytes.Buffer
	text := func(x, y int, class, text string) {
		fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class)
		_ = xml.EscapeText(&b, []byte(text))
		fmt.Fprint(&b, "</text>\n")
	}
	height := 40 + len(curves)*(plotHeight+50)
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n", chartWidth, height)
	fmt.Fprint(&b, "<style>.title{font-weight:bold}.axis{text-anchor:end;fill:#555}.time{text-anchor:middle;fill:#555}</style>\n")
	fmt.Fprintf(&b, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", chartWidth, height)
	text(chartLeft, 22, "title", title)
	length := all[len(all)-1].At
	for i, c := range curves {
		top := 58 + i*(plotHeight+50)
		first, last := c.thirds(all)
		most := roundUp(c.highest(all))
		text(chartLeft, top-8, "", fmt.Sprintf("%s: median of the first third %d, of the last %d %s", c.name, first, last, c.unit))
		for step := range int64(3) {
			y := top + plotHeight - int(step)*plotHeight/2
			fmt.Fprintf(&b, "<path d=\"M%d %dh%d\" stroke=\"#ddd\"/>\n", chartLeft, y, plotWidth)
			text(chartLeft-8, y+4, "axis", strings.TrimSpace(fmt.Sprintf("%d %s", most*step/2, c.unit)))
		}
		fmt.Fprintf(&b, "<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>\n", c.path(all, top, most), c.color)
		for part := range 7 {
			at := time.Duration(int64(length) * int64(part) / 6)
			text(chartLeft+plotWidth*part/6, top+plotHeight+16, "time", at.Round(time.Second).String())
		}
	}
	fmt.Fprint(&b, "</svg>\n")
	return b.Bytes()
}

// path has a point a pixel: the highest of its samples.
func (c curve) path(all []sample, top int, most int64) string {
	columns := make([]int64, plotWidth+1)
	for i := range columns {
		columns[i] = -1
	}
	length := int64(all[len(all)-1].At)
	for _, s := range all {
		x := int64(s.At) * plotWidth / length
		columns[x] = max(columns[x], c.value(s))
	}
	var path strings.Builder
	for x, value := range columns {
		if value >= 0 {
			pen := map[bool]string{true: "M", false: "L"}[path.Len() == 0]
			fmt.Fprintf(&path, "%s%d %d", pen, chartLeft+x, top+plotHeight-int(value*plotHeight/most))
		}
	}
	return path.String()
}

// roundUp is the next number of one digit and zeros, even.
func roundUp(n int64) int64 {
	unit := int64(1)
	for n/unit >= 10 {
		unit *= 10
	}
	return max((n/unit+2)/2*2*unit, 2)
}

func TestChart(t *testing.T) {
	all := []sample{{time.Second, 1 << 20, 10, 20}, {2 * time.Second, 3 << 20, 12, 21}, {3 * time.Second, 2 << 20, 11, 20}}
	svg := drawn("a & b", all)
	require.Equal(t, svg, drawn("a & b", all))
	require.NoError(t, xml.Unmarshal(svg, new(struct{ XMLName xml.Name })))
	require.Contains(t, string(svg), "a &amp; b")
	require.Contains(t, string(svg), "heap after a collection: median of the first third 1024, of the last 2048 KiB")
	require.EqualValues(t, 20, roundUp(12))
	require.EqualValues(t, 4000, roundUp(3999))
	require.EqualValues(t, 10, roundUp(9))
}

// A leak of a goroutine a minute is found, and of a packet a reconnect.
func TestLeaksAreSteep(t *testing.T) {
	var flat, leaks []sample
	for i := range 1800 {
		at, wave := time.Duration(i)*time.Second, int64(i%7)
		flat = append(flat, sample{at, 9<<20 + wave<<17, 60 + int(wave), 30})
		leaks = append(leaks, sample{at, 9<<20 + wave<<17 + int64(i)*5000, 60 + i/60, 30 + i/60})
	}
	for _, c := range curves {
		require.True(t, c.isFlat(flat), c.name)
		require.False(t, c.isFlat(leaks), c.name)
	}
}
