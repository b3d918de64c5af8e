// Letters drawn by the browser's own Canvas2D from the device's fonts (decision 5).
//
// A glyph is drawn at an integer position of one small software canvas and read back at once. What is measured is
// written into a struct of doubles: [left, top, width, height, advance]; left and top are relative to the pen on the
// baseline. Pixels lie in `pixels` until the next glyph.

addToLibrary({
  $kehubuLetters: {
    context: null,
    font: '',
    side: 0,
    families: '',

    prepare(side) {
      if (kehubuLetters.context && side <= kehubuLetters.side) return kehubuLetters.context;
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = kehubuLetters.side = Math.max(128, 1 << Math.ceil(Math.log2(side)));
      // Read back after every glyph: a canvas in main memory is many times as fast for that as one on the graphics card.
      kehubuLetters.context = canvas.getContext('2d', { willReadFrequently: true });
      kehubuLetters.context.fillStyle = kehubuLetters.context.strokeStyle = '#fff';
      kehubuLetters.context.textBaseline = 'alphabetic';
      kehubuLetters.context.fontKerning = 'none';
      kehubuLetters.font = '';
      return kehubuLetters.context;
    },
    fontOf(size, bold) {
      kehubuLetters.families ||= getComputedStyle(document.documentElement).getPropertyValue('--letters').trim() || 'sans-serif';
      return `${bold ? 600 : 400} ${size}px ${kehubuLetters.families}`;
    },
    setFont(size, bold) {
      const context = kehubuLetters.prepare(Math.ceil(size * 3));
      const font = kehubuLetters.fontOf(size, bold);
      if (font !== kehubuLetters.font) context.font = kehubuLetters.font = font;
      return context;
    },
    // A wide canvas of its own for rows, for the same reasons as above.
    row: null,
    setRowFont(width, height, size, bold) {
      let context = kehubuLetters.row;
      if (!context || context.canvas.width < width || context.canvas.height < height) {
        const canvas = document.createElement('canvas');
        canvas.width = Math.max(width, context?.canvas.width ?? 0);
        canvas.height = Math.max(height, context?.canvas.height ?? 0);
        context = kehubuLetters.row = canvas.getContext('2d', { willReadFrequently: true });
        context.fillStyle = '#fff';
        context.textBaseline = 'alphabetic';
        context.fontKerning = 'none';
      }
      const font = kehubuLetters.fontOf(size, bold);
      if (context.kehubuFont !== font) context.font = context.kehubuFont = font;
      return context;
    },
  },

  // Ascent and descent of the first face, whole pixels, as the browser's own line boxes use them: [ascent, descent].
  kehubu_face_metrics__deps: ['$kehubuLetters'],
  kehubu_face_metrics: (size, bold, answer) => {
    const metrics = kehubuLetters.setFont(size, bold).measureText('国Hg');
    HEAPF64[answer >> 3] = Math.round(metrics.fontBoundingBoxAscent ?? size * 0.88);
    HEAPF64[(answer >> 3) + 1] = Math.round(metrics.fontBoundingBoxDescent ?? size * 0.24);
  },

  kehubu_letter_advance__deps: ['$kehubuLetters', '$UTF8ToString'],
  kehubu_letter_advance: (text, textSize, size, bold) => kehubuLetters.setFont(size, bold).measureText(UTF8ToString(text, textSize)).width,

  // Measures a letter; `answer` is [left, top, width, height, advance]. Width 0: nothing to draw.
  kehubu_measure_letter__deps: ['$kehubuLetters', '$UTF8ToString'],
  kehubu_measure_letter: (text, textSize, size, bold, answer) => {
    const context = kehubuLetters.setFont(size, bold);
    const metrics = context.measureText(UTF8ToString(text, textSize));
    // One pixel more on every side: boxes are those of the outline, and smoothing goes beyond it.
    const left = Math.floor(-metrics.actualBoundingBoxLeft) - 1;
    const top = Math.floor(-metrics.actualBoundingBoxAscent) - 1;
    const right = Math.ceil(metrics.actualBoundingBoxRight) + 1;
    const bottom = Math.ceil(metrics.actualBoundingBoxDescent) + 1;
    const empty = right - left <= 2 || bottom - top <= 2;
    const at = answer >> 3;
    HEAPF64[at] = left;
    HEAPF64[at + 1] = top;
    HEAPF64[at + 2] = empty ? 0 : right - left;
    HEAPF64[at + 3] = empty ? 0 : bottom - top;
    HEAPF64[at + 4] = metrics.width;
  },

  // Draws what was measured and copies it: one byte a pixel (coverage), or four (red, green, blue, alpha) for emoji.
  kehubu_draw_letter__deps: ['$kehubuLetters', '$UTF8ToString'],
  kehubu_draw_letter: (text, textSize, size, bold, left, top, width, height, coloured, pixels) => {
    kehubuLetters.prepare(Math.max(width, height));
    const context = kehubuLetters.setFont(size, bold);
    context.clearRect(0, 0, width, height);
    context.fillText(UTF8ToString(text, textSize), -left, -top);
    const image = context.getImageData(0, 0, width, height).data;
    if (coloured) {
      HEAPU8.set(image, pixels);
      return;
    }
    for (let from = 3, to = pixels, end = pixels + width * height; to < end; from += 4, ++to) HEAPU8[to] = image[from];
  },

  // A row of hanzi, `pitch` wide each, with a blank of the same width between them: one text, read back at once. Written
  // are `count` cells of width × height, one after the other.
  kehubu_draw_row__deps: ['$kehubuLetters', '$UTF8ToString'],
  kehubu_draw_row: (text, textSize, count, size, bold, pitch, left, top, width, height, pixels) => {
    const step = 2 * pitch;
    const rowWidth = Math.ceil(step * count) + width;
    const context = kehubuLetters.setRowFont(rowWidth, height, size, bold);
    const words = UTF8ToString(text, textSize);
    context.clearRect(0, 0, rowWidth, height);
    const even = Number.isInteger(pitch) && Math.abs(context.measureText(words).width - (step * count - pitch)) < 0.5;
    if (even) {
      context.fillText(words, -left, -top);
    } else {
      // A face of another width among them, or a fraction of a pixel: each one for itself, on a whole pixel.
      [...words].forEach((letter, index) => { if (index % 2 === 0) context.fillText(letter, Math.round(index / 2 * step) - left, -top); });
    }
    const image = context.getImageData(0, 0, rowWidth, height).data;
    let to = pixels;
    for (let index = 0; index < count; ++index) {
      for (let line = 0; line < height; ++line) {
        let from = (line * rowWidth + Math.round(index * step)) * 4 + 3;
        for (let column = 0; column < width; ++column, from += 4) HEAPU8[to++] = image[from];
      }
    }
  },

  // An icon of 24 × 24 units as coverage, `side` pixels wide and high.
  kehubu_draw_icon__deps: ['$kehubuLetters', '$UTF8ToString'],
  kehubu_draw_icon: (path, pathSize, filled, side, pixels) => {
    const context = kehubuLetters.prepare(side);
    context.save();
    context.clearRect(0, 0, side, side);
    context.scale(side / 24, side / 24);
    context.lineWidth = 1.75;
    context.lineCap = context.lineJoin = 'round';
    const shape = new Path2D(UTF8ToString(path, pathSize));
    if (filled) context.fill(shape); else context.stroke(shape);
    context.restore();
    const image = context.getImageData(0, 0, side, side).data;
    for (let from = 3, to = pixels, end = pixels + side * side; to < end; from += 4, ++to) HEAPU8[to] = image[from];
  },
});
