package advice

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// chart draws two runs, each as the rates over what waits.
type chart struct {
	bytes.Buffer
	top int
}

const (
	chartWidth, chartLeft, plotWidth = 860, 64, 770
	ratesHeight, waitsHeight         = 170, 80
	highestRate                      = int64(8_000_000)
	highestWait                      = 4 * time.Second
)

// line is one curve of a run.
type line struct {
	out   outcome
	color string
	dash  string
	name  string
}

func (c *chart) text(x, y int, class, text string) {
	fmt.Fprintf(c, "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y, class, text)
}

// curve writes a polyline; value is in thousandths of the height.
func (c *chart) curve(l line, top, height int, value func(point) int64) {
	var path strings.Builder
	length := int64(l.out.points[len(l.out.points)-1].Time)
	for i, p := range l.out.points {
		x := int64(chartLeft) + int64(p.Time)*plotWidth/length
		y := int64(top+height) - min(value(p), 1000)*int64(height)/1000
		if i == 0 {
			fmt.Fprintf(&path, "M%d %d", x, y)
		} else {
			fmt.Fprintf(&path, "L%d %d", x, y)
		}
	}
	fmt.Fprintf(c, "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n", path.String(), l.color, l.dash)
}

func (c *chart) frame(top, height int, lines int, label func(int) string) {
	for i := range lines + 1 {
		y := top + height - i*height/lines
		fmt.Fprintf(c, "<path d=\"M%d %dH%d\" stroke=\"#ddd\"/>\n", chartLeft, y, chartLeft+plotWidth)
		c.text(chartLeft-8, y+4, "axis", label(i))
	}
}

// part draws runs over the same link below what is there already.
func (c *chart) part(title string, lines []line) {
	c.top += 34
	c.text(chartLeft, c.top, "title", title)
	c.top += 14
	c.frame(c.top, ratesHeight, 4, func(i int) string { return fmt.Sprintf("%d Mbit/s", 2*i) })
	c.curve(line{lines[0].out, "#bbb", "", ""}, c.top, ratesHeight, func(p point) int64 { return p.capacity * 1000 / highestRate })
	for _, l := range lines {
		c.curve(l, c.top, ratesHeight, func(p point) int64 { return p.target * 1000 / highestRate })
	}
	c.top += ratesHeight + 18
	c.frame(c.top, waitsHeight, 2, func(i int) string { return fmt.Sprintf("%d s wait", 2*i) })
	for _, l := range lines {
		c.curve(l, c.top, waitsHeight, func(p point) int64 { return int64(p.Backlog) * 1000 / int64(highestWait) })
	}
	c.top += waitsHeight
	length := lines[0].out.points[len(lines[0].out.points)-1].Time
	for at := time.Duration(0); at <= length; at += 30 * time.Second {
		c.text(chartLeft+int(int64(at)*plotWidth/int64(length)), c.top+16, "time", fmt.Sprintf("%d s", int(at.Seconds())))
	}
	c.top += 16
}

func (c *chart) svg(lines []line) []byte {
	var svg bytes.Buffer
	height := c.top + 44
	fmt.Fprintf(&svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n", chartWidth, height)
	fmt.Fprint(&svg, "<style>.title{font-weight:bold}.axis{text-anchor:end;fill:#555}.time{text-anchor:middle;fill:#555}</style>\n")
	fmt.Fprintf(&svg, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", chartWidth, height)
	svg.Write(c.Bytes())
	x := chartLeft
	for _, l := range append([]line{{color: "#bbb", name: "what the link carries"}}, lines...) {
		fmt.Fprintf(&svg, "<path d=\"M%d %dh26\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n", x, height-16, l.color, l.dash)
		fmt.Fprintf(&svg, "<text x=\"%d\" y=\"%d\">%s</text>\n", x+32, height-12, l.name)
		x += 56 + 7*len(l.name)
	}
	fmt.Fprint(&svg, "</svg>\n")
	return svg.Bytes()
}

func drawn(t *testing.T) []byte {
	t.Helper()
	compare := func(l link, most int64, length time.Duration) []line {
		e := encoder{most: most, follows: time.Second, variation: 200}
		return []line{
			{run(l, e, nobody{}, length), "#c55", "2 3", "no advice"},
			{run(l, e, &thirty{most: most}, length), "#d90", "7 3", "the 30 s rule"},
			{run(l, e, advised(floor, most), length), "#16c", "", "the advice"},
		}
	}
	var c chart
	lines := compare(fixed(step(7_000_000, 3_000_000, 30*time.Second, 75*time.Second)), most, 3*time.Minute)
	c.part("The link falls to 3 Mbit/s at 30 s and is back at 75 s", lines)
	rate, length := loadTrace(t, "recorded-verizon-lte")
	c.part("A phone's way up, recorded (recorded-verizon-lte)", compare(mobile(rate), 4_000_000, length))
	return c.svg(lines)
}

// figures is the table of the traces, as docs/bitrate-advice.md shows it.
func figures(t *testing.T) string {
	t.Helper()
	var table strings.Builder
	fmt.Fprint(&table, "| trace | | target / link | sent / link | above 1 s | most | advices a minute |\n|---|---|---|---|---|---|---|\n")
	for _, trace := range traces {
		name := trace.name
		for _, r := range judgedOn(t, trace.name) {
			fmt.Fprintf(&table, "| %s | %s | %d %% | %d %% | %.1f %% | %.1f s | %d |\n",
				name, r.name, r.utilisation/10, r.sent/10, 100*r.late.Seconds()/r.length.Seconds(), r.backlog.Seconds(), r.perMinute)
			name = ""
		}
	}
	return table.String()
}

// TestDocumentation: picture and figures are of this algorithm.
func TestDocumentation(t *testing.T) {
	const (
		picture, page = "../../../docs/bitrate-advice.svg", "../../../docs/bitrate-advice.md"
		begin, end    = "<!-- figures: written by go test -update -->\n", "<!-- end of figures -->\n"
	)
	svg := drawn(t)
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found)
	wanted := before + begin + figures(t) + end + after
	if *update {
		require.NoError(t, os.WriteFile(picture, svg, 0o600))
		require.NoError(t, os.WriteFile(page, []byte(wanted), 0o600))
		return
	}
	have, err := os.ReadFile(picture)
	require.NoError(t, err)
	require.True(t, bytes.Equal(svg, have), "%s is not current; run: make advice", picture)
	require.Equal(t, wanted, string(text), "%s is not current; run: make advice", page)
}
