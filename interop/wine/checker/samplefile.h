// samplefile.h: what a Go test wrote for publishfile: samples with their media
// types. Compile with samplefile.cpp.
//
// Lines of the file NAME; the samples' bytes stand in NAME.data:
//
//     type PIN SUBTYPE FORMAT A B C D HEADER
//     sample PIN OFFSET SIZE START STOP SYNC
//
// A type before any sample is the connection's, a later one comes with the next
// sample. SUBTYPE is a FourCC, or the format tag in hexadecimal; FORMAT none,
// mpeg2, videoinfo, videoinfo2, wave or heaac. A to D are width, height, time a
// frame and dwFlags, or channels, rate and payload type. HEADER is hexadecimal, -
// for none.
#pragma once
#include "source.h"
#include <memory>

struct SampleFile {
    struct Item {
        size_t offset, size;
        REFERENCE_TIME start, stop;
        bool sync;
        const Type *type; // new with this sample; else NULL
        LONG turn;        // its place among the samples of both pins
    };
    std::vector<Item> samples[2];
    const Type *connection[2] = {}; // NULL: the pin is not used
    Bytes data;

    bool read(const char *path); // false: it is not there or not understood
    // play lets a source's pins deliver the samples, each when its turn has come:
    // a file has one order, as it leaves a demultiplexer.
    void play(Source *source);
    size_t largest(int pin) const;

private:
    std::vector<std::unique_ptr<Type>> types;
    const Type *next[2] = {};
    volatile LONG turn = 0;
    bool line(const char *text);
    bool typeLine(const char *text);
};
