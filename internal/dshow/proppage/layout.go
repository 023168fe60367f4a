package proppage

import (
	"strings"
	"sync"

	"rtmpwriter/publish"
)

// Title stands on the page's tab.
const Title = "RTMP Writer"

// The controls that the page speaks to by name. Those of the options come
// behind them.
const (
	idProduct = 1001 + iota
	idConnect
	idDisconnect
	idStatus
	// IDError is the line that tells what is wrong. The window writes it in red.
	IDError
	idBufferSize
	idFillness
	idBitrate
	idAudioBuffered
	idVideoBuffered
	idAudioBitrate
	idVideoBitrate
	idOptions
)

// The page's size, in dialog units.
const width, height = 308, 309

// Template is the page as CreateDialogIndirect takes it.
func Template() []byte { return template(width, height, controls()) }

// controls has the page's controls in the order in which they are read, which
// is the order of the Tab key. A caption stands directly before what it names:
// that gives the field its mnemonic, and its name to a screen reader.
var controls = sync.OnceValue(func() []control {
	b := &builder{fields: byName(defaults())}
	b.add(control{class: text, id: idProduct, x: 7, y: 7, w: 294, h: 8})
	b.caption("url", 'u', 7, 22, 44)
	b.field(edit, "url", 54, 20, 247)
	b.add(control{class: button, id: idConnect, caption: "&Connect", x: 7, y: 37, w: 60, h: 14, group: true})
	b.add(control{class: button, id: idDisconnect, caption: "&Disconnect", x: 71, y: 37, w: 60, h: 14})
	b.static("Status:", 137, 40, 26)
	b.add(control{class: text, id: idStatus, x: 165, y: 40, w: 136, h: 8})
	b.add(control{class: text, id: IDError, x: 7, y: 54, w: 294, h: 16})

	b.sized("output-buffer-size", 'b', 74)
	b.sized("output-packet-size", 'k', 89)
	b.check("live-mode", 'v', 14, 104, 100)
	b.check("allow-b-frames", 'f', 120, 104, 100)
	b.check("write-timecode", 'W', 14, 117, 100)
	b.check("tcp-no-delay", 'N', 120, 117, 100)
	b.caption("first-timecode", 'T', 14, 132, 76)
	b.field(edit, "first-timecode", 92, 130, 90)
	b.check("embed-system-time", 'E', 14, 145, 200)
	b.sized("socket-buffer-size", 'S', 158)

	b.check("auth", 'o', 14, 174, 120)
	b.caption("username", 'r', 14, 189, 40)
	b.field(edit, "username", 56, 187, 96)
	b.caption("password", 'P', 162, 189, 36)
	b.field(password, "password", 200, 187, 101)

	b.box("Reconnect", 7, 203, 294, 32)
	b.caption("reconnect-attempts", 'm', 14, 217, 36)
	b.field(number, "reconnect-attempts", 50, 215, 46)
	b.caption("reconnect-interval", 'I', 104, 217, 32)
	b.field(number, "reconnect-interval", 136, 215, 44)
	b.unit("reconnect-interval", 183, 217)
	b.check("reconnect-unlimited", 'l', 199, 216, 99)

	b.box("Statistics", 7, 240, 294, 62)
	b.statistic("Output buffer size:", idBufferSize, 0, 0)
	b.statistic("Output buffer fillness:", idFillness, 0, 1)
	b.statistic("Output bitrate:", idBitrate, 0, 2)
	b.statistic("Buffered audio packets:", idAudioBuffered, 1, 0)
	b.statistic("Buffered video packets:", idVideoBuffered, 1, 1)
	b.statistic("Audio bitrate:", idAudioBitrate, 1, 2)
	b.statistic("Video bitrate:", idVideoBitrate, 1, 3)
	return b.controls
})

// builder lays out the controls.
type builder struct {
	fields   map[string]publish.Field
	controls []control
}

func (b *builder) add(c control) { b.controls = append(b.controls, c) }

func (b *builder) static(caption string, x, y, w int) {
	b.add(control{class: label, id: -1, caption: caption, x: x, y: y, w: w, h: 8, group: true})
}

// caption is an option's label before its field.
func (b *builder) caption(option string, key rune, x, y, w int) {
	b.static(mnemonic(b.fields[option].Label, key)+":", x, y, w)
}

// field is an option's control. Its number is its option's place in the page.
func (b *builder) field(class class, option string, x, y, w int) {
	b.add(control{class: class, id: b.nextID(), option: option, x: x, y: y, w: w, h: 12})
}

func (b *builder) check(option string, key rune, x, y, w int) {
	b.add(control{
		class: checkbox, id: b.nextID(), option: option, caption: mnemonic(b.fields[option].Label, key),
		x: x, y: y, w: w, h: 10, group: true,
	})
}

func (b *builder) unit(option string, x, y int) { b.static(b.fields[option].Unit, x, y, 15) }

// sized is a row for a number of bytes.
func (b *builder) sized(option string, key rune, y int) {
	b.caption(option, key, 7, y+2, 83)
	b.field(number, option, 92, y, 60)
	b.static(b.fields[option].Unit, 156, y+2, 40)
}

func (b *builder) box(caption string, x, y, w, h int) {
	b.add(control{class: groupBox, id: -1, caption: caption, x: x, y: y, w: w, h: h, group: true})
}

// statistic is a value with its name, in one of two columns.
func (b *builder) statistic(caption string, id, column, row int) {
	left, y := 14, 252+row*11
	if column == 1 {
		left = 160
	}
	b.static(caption, left, y, 80)
	b.add(control{class: text, id: id, x: left + 82, y: y, w: 60 - 8*column, h: 8})
}

func (b *builder) nextID() int {
	n := idOptions
	for _, c := range b.controls {
		if c.option != "" {
			n++
		}
	}
	return n
}

// mnemonic marks the first place of key in a caption.
func mnemonic(caption string, key rune) string {
	at := strings.IndexRune(caption, key)
	return caption[:at] + "&" + caption[at:]
}

// defaults is the option table for what it says of options, not for values.
func defaults() []publish.Field {
	o := publish.DefaultOptions()
	return o.Fields()
}

func byName(fields []publish.Field) map[string]publish.Field {
	named := map[string]publish.Field{}
	for _, f := range fields {
		named[f.Name] = f
	}
	return named
}
