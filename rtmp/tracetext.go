package rtmp

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
)

// maxValuesText bounds the text of one message's values in the log, in bytes.
const maxValuesText = 4096

// amfText writes AMF0 values much as JSON does, secrets masked.
type amfText struct {
	text   []byte
	redact redactor
}

func (w *amfText) put(s string) { w.text = append(w.text, s...) }

func (w *amfText) value(v any) {
	if len(w.text) > maxValuesText {
		w.put("…")
		return
	}
	switch v := v.(type) {
	case nil:
		w.put("null")
	case amf0.Undefined:
		w.put("undefined")
	case bool:
		w.put(strconv.FormatBool(v))
	case float64:
		w.put(w.redact.words(strconv.FormatFloat(v, 'f', -1, 64))) // a key may be a number
	case string:
		w.quote(v)
	case amf0.XML:
		w.quote(string(v))
	case amf0.Date:
		w.put("date " + strconv.FormatFloat(v.Milliseconds, 'f', -1, 64))
	case amf0.Object:
		w.properties(v)
	case amf0.ECMAArray:
		w.properties(v)
	case amf0.TypedObject:
		w.quote(v.Class)
		w.properties(v.Properties)
	case amf0.StrictArray:
		w.array(v)
	}
}

func (w *amfText) quote(s string) { w.put(strconv.Quote(w.redact.words(s))) }

// addresses are the properties of a connect command whose values end with a query:
// its values are masked whatever their length, unlike those that are searched for.
var addresses = []string{"app", "tcUrl", "swfUrl"}

func (w *amfText) properties(list []amf0.Property) {
	w.list("{", len(list), func(i int) {
		w.quote(list[i].Name)
		w.put(": ")
		if address, ok := list[i].Value.(string); ok && slices.Contains(addresses, list[i].Name) {
			w.quote(maskReference(address))
			return
		}
		w.value(list[i].Value)
	}, "}")
}

func (w *amfText) array(list amf0.StrictArray) {
	w.list("[", len(list), func(i int) { w.value(list[i]) }, "]")
}

// list writes n elements between brackets, as many as there is room for.
func (w *amfText) list(begin string, n int, element func(i int), end string) {
	w.put(begin)
	for i := range n {
		if i > 0 {
			w.put(", ")
		}
		if len(w.text) > maxValuesText {
			w.put("…")
			break
		}
		element(i)
	}
	w.put(end)
}

// controlText names a protocol control message and its value (RTMP 1.0,
// sections 5.4 and 7.1.7).
func controlText(m chunk.Message) (kind, content string) {
	names := map[uint8]string{
		chunk.TypeSetChunkSize: "set chunk size", chunk.TypeAbort: "abort", chunk.TypeAcknowledgement: "acknowledgement",
		chunk.TypeWindowAckSize: "window acknowledgement size", chunk.TypeSetPeerBandwidth: "set peer bandwidth",
	}
	switch name, known := names[m.Type]; {
	case known && len(m.Body) >= 4:
		return name, strconv.FormatUint(uint64(binary.BigEndian.Uint32(m.Body)), 10)
	case known:
		return name, ""
	case m.Type == chunk.TypeUserControl && len(m.Body) >= 2:
		return "user control", fmt.Sprintf("event %d %x", binary.BigEndian.Uint16(m.Body), m.Body[2:min(len(m.Body), 16)])
	}
	return "type " + strconv.Itoa(int(m.Type)), ""
}

// enhanced marks a video tag of Enhanced RTMP; in audio the sound format 9 does.
const (
	enhancedVideo = 0x80
	enhancedAudio = 9
)

// videoText decodes the header of a video tag (FLV 10.1, section E.4.3;
// Enhanced RTMP v2, ExVideoTagHeader).
func videoText(b []byte) string {
	switch {
	case len(b) == 0:
		return "empty"
	case b[0]&enhancedVideo != 0:
		return fmt.Sprintf("frame type %d, packet type %d, %s", b[0]>>4&7, b[0]&0x0f, fourCC(b[1:]))
	case len(b) < 5:
		return fmt.Sprintf("frame type %d, codec %d, cut off", b[0]>>4, b[0]&0x0f)
	}
	composition := int32(binary.BigEndian.Uint32(b[1:5])<<8) >> 8
	return fmt.Sprintf("frame type %d, codec %d, packet type %d, composition time %d", b[0]>>4, b[0]&0x0f, b[1], composition)
}

// audioText decodes the header of an audio tag (FLV 10.1, section E.4.2;
// Enhanced RTMP v2, ExAudioTagHeader).
func audioText(b []byte) string {
	switch {
	case len(b) == 0:
		return "empty"
	case b[0]>>4 == enhancedAudio:
		return fmt.Sprintf("packet type %d, %s", b[0]&0x0f, fourCC(b[1:]))
	case len(b) < 2:
		return fmt.Sprintf("sound format %d, cut off", b[0]>>4)
	}
	return fmt.Sprintf("sound format %d, packet type %d", b[0]>>4, b[1])
}

func fourCC(b []byte) string { return fmt.Sprintf("%q", b[:min(len(b), 4)]) }
